/** What a report of a bug needs, as text for engineers: version, browser, device. Nothing that a person has written or done. */
import { probeDevice } from '../device/probe';
import { commit, version } from './version';

/** Lines of names and values; the device as JSON, since whoever reads it compares it with what the code asks for. */
export async function diagnostics(): Promise<string> {
  const device = await probeDevice();
  const window = matchMedia('(display-mode: standalone)').matches ? 'installed' : 'browser tab';
  const worker = navigator.serviceWorker?.controller ? 'in control' : 'not in control';
  return [
    `Sotto ${version}${commit === '' ? '' : ` (${commit.slice(0, 10)})`}, ${window}`,
    `Browser: ${navigator.userAgent}`,
    `Languages: ${navigator.languages.join(', ')}`,
    `Service worker: ${worker}`,
    `Device: ${JSON.stringify(device, null, 2)}`,
  ].join('\n');
}
