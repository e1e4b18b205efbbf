/** Words for servers: what they are called, where they are, and why a step of a check has failed. */
import { placeOf, shortAddress, type AddressFault, type ChatServer, type ServerKind } from '../shared/domain/server';
import type { Failure } from '../shared/protocol/failure';
import { failureText } from '../text/failure-text';
import { m } from '../text/paraglide/messages.js';
import type { CheckStep, Finding, LocalPermission, StepState } from './check-connection';
import { presets, type LinePlace } from './presets';

export const kindText = (kind: ServerKind): string => presets[kind].name ?? m.server_kind_other();

/** As cards and notices name it: "Ollama · localhost:11434". */
export const serverName = ({ kind, address }: Pick<ChatServer, 'kind' | 'address'>): string =>
  `${presets[kind].name ?? m.server_name_other()} · ${shortAddress(address)}`;

/** Why an address cannot be taken. */
export type FieldFault = AddressFault | 'not-allowed' | 'listed';

const faults: Readonly<Record<FieldFault, () => string>> = {
  'not-understood': m.server_fault_not_understood,
  credentials: m.server_fault_credentials,
  'mixed-content': m.server_fault_mixed_content,
  'not-allowed': m.server_fault_not_allowed,
  listed: m.server_fault_listed,
};

/** @param line what `hostsLine` says of the address */
export const faultText = (fault: FieldFault, line: string | null): string =>
  fault === 'not-allowed' && line === null ? m.server_fault_unnameable() : faults[fault]();

/** What whoever builds the app would have to set, so that it may reach an address; null for one that no policy can name. */
export function hostsLine(address: string): string | null {
  const { origin, hostname } = new URL(address);
  return hostname.startsWith('[') ? null : `SOTTO_SERVER_HOSTS="${origin}" npm run build`;
}

const linePlaces: Readonly<Record<LinePlace, () => string>> = {
  terminal: m.server_line_terminal,
  'unix-terminal': m.server_line_unix_terminal,
  'macos-app': m.server_line_macos_app,
  'linux-service': m.server_line_linux_service,
  windows: m.server_line_windows,
  header: m.server_line_header,
};

export const linePlaceText = (place: LinePlace): string => linePlaces[place]();

const admissions: Readonly<Record<ServerKind, (words: { origin: string }) => string>> = {
  ollama: m.server_let_in_ollama,
  'lm-studio': m.server_let_in_lm_studio,
  'llama-server': m.server_let_in_llama_server,
  vllm: m.server_let_in_vllm,
  jan: m.server_let_in_jan,
  other: m.server_let_in_other,
};

/** How a server is made to let this page in. */
export const admissionText = (kind: ServerKind): string => admissions[kind]({ origin: location.origin });

const steps: Readonly<Record<CheckStep, () => string>> = {
  address: m.server_step_address,
  permission: m.server_step_permission,
  reached: m.server_step_reached,
  admitted: m.server_step_admitted,
  models: m.server_step_models,
  token: m.server_step_token,
};

export const stepText = (step: CheckStep): string => steps[step]();

const states: Readonly<Record<StepState, () => string>> = {
  waiting: m.server_state_waiting,
  running: m.server_state_running,
  done: m.server_state_done,
  failed: m.server_state_failed,
};

export const stateText = (state: StepState): string => states[state]();

export function permissionText(permission: LocalPermission, address: string): string {
  const place = placeOf(address, location.origin);
  if (place === 'internet' || place === 'same-host') return m.server_permission_not_needed();
  switch (permission) {
    case 'granted':
      return m.server_permission_granted();
    case 'prompt':
      return m.server_permission_prompt();
    case 'denied':
      return m.server_state_failed();
    case 'not-asked':
      return m.server_permission_not_asked();
  }
}

interface FindingText {
  readonly title: string;
  /** What it means, and what to do. */
  readonly words: string;
  /** With the technical text for the details. */
  readonly failure: Failure;
  /** Whether it may be that the server does not let this page in. */
  readonly mayBeShut: boolean;
}

const plain = (kind: Failure['kind'], technical = ''): Failure => ({ kind, technical });

export function findingText(finding: Finding, address: string): FindingText {
  const mayBeShut = false;
  switch (finding.kind) {
    case 'fault':
      return {
        title: m.server_address_wrong(),
        words: faultText(finding.fault, hostsLine(address)),
        failure: plain('server-not-allowed'),
        mayBeShut,
      };
    case 'no-models':
      return {
        title: m.server_no_models_title(),
        words: m.server_no_models_words(),
        failure: plain('server-lacks-model'),
        mayBeShut,
      };
    case 'silent':
      return finding.certain
        ? {
            title: m.server_silent_title(),
            words: m.server_silent_words({ address }),
            failure: finding.failure,
            mayBeShut,
          }
        : {
            title: m.server_unclear_title(),
            words:
              location.protocol === 'https:' && address.startsWith('http:')
                ? m.server_unclear_words_https({ address })
                : m.server_unclear_words({ address }),
            failure: finding.failure,
            mayBeShut: true,
          };
    case 'failure': {
      const { failure } = finding;
      const { title, meaning, nextStep } = failureText(failure);
      if (failure.kind === 'server-shut')
        return {
          title,
          words: m.server_shut_words({ address, origin: location.origin }),
          failure,
          mayBeShut: true,
        };
      // From here, there is a nearer way than elsewhere.
      const own = { 'server-key': m.server_key_words, 'server-unwanted': m.server_unwanted_words } as const;
      const words =
        failure.kind === 'server-key' || failure.kind === 'server-unwanted'
          ? own[failure.kind]({ address })
          : `${meaning} ${nextStep}`;
      return { title, words, failure, mayBeShut };
    }
  }
}
