import { m } from '../text/paraglide/messages.js';

/** No more exact than an estimate can be: "30 s", "2 min", "1 h 20 min". @param seconds of the whole */
export function roughDuration(seconds: number): string {
  // Steps of five do not flicker.
  if (seconds < 57.5) return m.duration_seconds({ seconds: String(Math.max(5, Math.ceil(seconds / 5) * 5)) });
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return m.duration_minutes({ minutes: String(minutes) });
  return m.duration_hours({ hours: String(Math.floor(minutes / 60)), minutes: String(minutes % 60) });
}
