/** What kind of text a set comes in. */

export type SetFormat = 'csv' | 'json' | 'jsonl' | 'yaml' | 'lines';

const byEnding: Readonly<Record<string, SetFormat>> = {
  csv: 'csv',
  tsv: 'csv',
  json: 'json',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  yaml: 'yaml',
  yml: 'yaml',
};

/** By the ending of the file's name, else by the text: pasted text has no name. */
export function setFormat(name: string, text: string): SetFormat {
  const ending = /\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? '';
  return (Object.hasOwn(byEnding, ending) ? byEnding[ending] : undefined) ?? formatOfText(text);
}

function formatOfText(text: string): SetFormat {
  if (/^\s*[[{]/.test(text)) return 'json';
  if (/^(?:prompts|tests|defaultTest):/m.test(text)) return 'yaml';
  const [first = '', second] = text.split(/\r\n|\r|\n/, 2);
  if (/(?:^|[,;\t"])\s*__\w/.test(first)) return 'csv';
  // Cells that were copied from a spreadsheet.
  const tabs = first.split('\t').length;
  return tabs > 1 && second?.split('\t').length === tabs ? 'csv' : 'lines';
}
