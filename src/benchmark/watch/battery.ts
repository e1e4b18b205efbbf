export interface BatteryReading {
  readonly charging: boolean;
  /** 0 to 1. */
  readonly level: number;
}

interface BatterySource {
  getBattery?(): Promise<BatteryReading>;
}

/** Null where the browser does not tell. A desktop tells of a full battery that is being charged. */
export async function readBattery(source: BatterySource = navigator as BatterySource): Promise<BatteryReading | null> {
  try {
    const battery = await source.getBattery?.();
    return battery ? { charging: battery.charging, level: battery.level } : null;
  } catch {
    return null;
  }
}
