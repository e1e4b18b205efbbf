/** How large the measurements of the weights are. Smaller ones, to try the tools out, are printed and not kept. */

function setting(name: string, usual: number): number {
  const text = process.env[name];
  if (text === undefined) return usual;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${name}: not a whole number above 0: ${text}`);
  return value;
}

const usual = { megabytes: 512, rounds: 5, kills: 50 };

const megabytes = setting('MEASURE_WEIGHTS_MB', usual.megabytes);
export const modelBytes = megabytes * 1024 ** 2;
export const rounds = setting('MEASURE_WEIGHTS_ROUNDS', usual.rounds);
export const kills = setting('MEASURE_WEIGHTS_KILLS', usual.kills);
/** Of all random numbers, so that a run can be repeated; told in the rows. */
export const seed = setting('MEASURE_WEIGHTS_SEED', 20_261_124);

/** Whether the rows say less than the design's table asks for. */
export const isTrial = megabytes < usual.megabytes || rounds < usual.rounds || kills < usual.kills;

export const megabyteText = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
export const sizeText = `${megabytes} MiB`;
/** Of every connection together, where the network is limited. */
export const limitBytesPerSecond = 40e6;

/** As `usualTuning` of the download has it; what needs the build's own constants cannot be imported here. Checked against the hub. */
export const connections = 2;
