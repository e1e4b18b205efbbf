/** Words for what a file was found to hold. */
import type { BrokenPart, ChatFileFormat, ImportProblem } from '../contracts/chat-files';
import { formatCount } from '../text/formatting';
import { m } from '../text/paraglide/messages.js';
import type { Standing } from './import-preview';

/** Names of programs, the same in every language. */
const names: Record<ChatFileFormat, string> = {
  sotto: 'Sotto',
  'llama-cpp': 'llama.cpp',
  'open-webui': 'Open WebUI',
  chatgpt: 'ChatGPT',
  'web-llm-chat': 'WebLLM Chat',
};
export const formatName = (format: ChatFileFormat): string => names[format];

const standings: Record<Standing, () => string> = {
  new: m.import_is_new,
  more: m.import_has_more,
  here: m.import_is_here,
};
export const standingText = (standing: Standing): string => standings[standing]();

const problems: Record<ImportProblem, () => string> = {
  'not-json': m.import_problem_not_json,
  'too-large': m.import_problem_too_large,
  'nested-too-deeply': m.import_problem_nested,
  'not-a-conversation': m.import_problem_not_a_chat,
  'no-messages': m.import_problem_no_messages,
  'belongs-nowhere': m.import_problem_belongs_nowhere,
  twice: m.import_problem_twice,
  invalid: m.import_problem_invalid,
};
export const problemText = (problem: ImportProblem): string => problems[problem]();

/** "Number 12, “On a plane”" */
export function placeText({ place, file, title }: BrokenPart): string {
  const number = m.import_place({ place: formatCount(place) });
  return [file, number, title ? `“${title}”` : ''].filter(Boolean).join(', ');
}
