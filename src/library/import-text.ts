/** Words for what a file was found to hold. */
import {
  leftOutKinds,
  type BrokenPart,
  type ChatFileFormat,
  type ImportProblem,
  type LeftOut,
  type LeftOutKind,
} from '../shared/protocol/chat-files';
import { formatCount, formatList } from '../text/formatting';
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
  'not-utf-8': m.import_problem_not_utf8,
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
  return formatList([file ?? '', number, title ? `“${title}”` : ''].filter(Boolean));
}

const leftOuts: Record<LeftOutKind, (inputs: { count: string }) => string> = {
  image: m.import_left_image,
  audio: m.import_left_audio,
  video: m.import_left_video,
  file: m.import_left_file,
  'tool-call': m.import_left_tool_call,
  'tool-result': m.import_left_tool_result,
  'canvas-change': m.import_left_canvas_change,
  'canvas-comment': m.import_left_canvas_comment,
  source: m.import_left_source,
  embed: m.import_left_embed,
  memory: m.import_left_memory,
  hidden: m.import_left_hidden,
  unknown: m.import_left_unknown,
};

/** "Not imported: images: 3, tool calls: 12."; empty where nothing was left out. */
export function leftOutText(leftOut: LeftOut): string {
  const list = leftOutKinds.flatMap((kind) => {
    const count = leftOut[kind] ?? 0;
    return count > 0 ? [leftOuts[kind]({ count: formatCount(count) })] : [];
  });
  return list.length > 0 ? m.import_left_out({ list: formatList(list) }) : '';
}
