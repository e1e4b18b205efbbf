/** What is known of each kind of server: its usual address, and the line that lets a page read its answers (CORS). */
import type { ServerKind } from '../shared/domain/server';

/** Where a line is typed. */
export type LinePlace =
  /** In a terminal of any system. */
  | 'terminal'
  /** In a terminal of macOS or Linux, where the server is started by hand. */
  | 'unix-terminal'
  /** For the app of macOS, which starts the server itself. */
  | 'macos-app'
  /** For the service that the installer of Linux sets up. */
  | 'linux-service'
  /** In PowerShell or the Command Prompt. */
  | 'windows'
  /** Among the headers of the server's answers. */
  | 'header';

export interface AdmissionLine {
  readonly place: LinePlace;
  readonly line: string;
}

interface Preset {
  /** As the program calls itself; null for a server of another kind. */
  readonly name: string | null;
  /** Where it listens unless told otherwise; empty where nobody knows. */
  readonly address: string;
  /** None where a setting does it, or where every page is let in. @param origin of the page, such as `https://example.org` */
  readonly admission: (origin: string) => readonly AdmissionLine[];
}

const none = (): readonly AdmissionLine[] => [];

/** Started by systemd, Ollama sees no variable of a terminal: https://docs.ollama.com/faq */
const ollamaService = (origin: string): string =>
  [
    'sudo mkdir -p /etc/systemd/system/ollama.service.d',
    `printf '[Service]\\nEnvironment="OLLAMA_ORIGINS=${origin}"\\n' | sudo tee /etc/systemd/system/ollama.service.d/origins.conf`,
    'sudo systemctl daemon-reload',
    'sudo systemctl restart ollama',
  ].join(' && ');

export const presets: Readonly<Record<ServerKind, Preset>> = {
  ollama: {
    name: 'Ollama',
    address: 'http://localhost:11434',
    admission: (origin) => [
      { place: 'unix-terminal', line: `OLLAMA_ORIGINS="${origin}" ollama serve` },
      { place: 'macos-app', line: `launchctl setenv OLLAMA_ORIGINS "${origin}"` },
      { place: 'linux-service', line: ollamaService(origin) },
      { place: 'windows', line: `setx OLLAMA_ORIGINS "${origin}"` },
    ],
  },
  'lm-studio': {
    name: 'LM Studio',
    address: 'http://localhost:1234',
    admission: () => [{ place: 'terminal', line: 'lms server start --cors' }],
  },
  'llama-server': { name: 'llama-server', address: 'http://localhost:8080', admission: none },
  vllm: {
    name: 'vLLM',
    address: 'http://localhost:8000',
    admission: (origin) => [{ place: 'unix-terminal', line: `vllm serve MODEL --allowed-origins '["${origin}"]'` }],
  },
  jan: { name: 'Jan', address: 'http://localhost:1337', admission: none },
  other: {
    name: null,
    address: '',
    admission: (origin) => [
      { place: 'header', line: `Access-Control-Allow-Origin: ${origin}` },
      { place: 'header', line: 'Access-Control-Allow-Headers: Authorization, Content-Type' },
    ],
  },
};

type System = 'macos' | 'linux' | 'windows' | 'unknown';

/** The system of this computer, which most such servers run on. @param agent `navigator.userAgent` */
export function systemOf(agent: string): System {
  if (/Windows/.test(agent)) return 'windows';
  if (/Macintosh|Mac OS X/.test(agent) && !/iPhone|iPad/.test(agent)) return 'macos';
  return /Linux|X11/.test(agent) && !/Android/.test(agent) ? 'linux' : 'unknown';
}

const ofSystem: Readonly<Record<System, readonly LinePlace[]>> = {
  macos: ['macos-app', 'unix-terminal'],
  linux: ['unix-terminal', 'linux-service'],
  windows: ['windows'],
  unknown: ['unix-terminal', 'macos-app', 'linux-service', 'windows'],
};

/** The lines for this system, and those for others, since the server may run elsewhere. A line for any system is for this one. */
export function sortLines(
  lines: readonly AdmissionLine[],
  system: System,
): { readonly own: readonly AdmissionLine[]; readonly others: readonly AdmissionLine[] } {
  const places = ofSystem[system];
  const rank = ({ place }: AdmissionLine): number => places.indexOf(place);
  const isOwn = (line: AdmissionLine): boolean =>
    rank(line) >= 0 || line.place === 'terminal' || line.place === 'header';
  const own = lines.filter(isOwn).sort((a, b) => rank(a) - rank(b));
  // vLLM has no line for Windows: what there is must not be hidden.
  return own.length === 0 ? { own: lines, others: [] } : { own, others: lines.filter((line) => !isOwn(line)) };
}
