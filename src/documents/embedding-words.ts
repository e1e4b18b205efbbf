/** What stands before a text so that a model makes the vector that it was trained for. Other models get the text alone. */

export type TextRole = 'question' | 'passage';

type Words = Readonly<Partial<Record<TextRole, string>>>;

const known: readonly (readonly [name: RegExp, words: Words])[] = [
  [
    /qwen3[-_ ]?embedding/i,
    { question: 'Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ' },
  ],
  [/arctic-embed.*v2/i, { question: 'query: ' }],
  [/arctic-embed|bge-.*en/i, { question: 'Represent this sentence for searching relevant passages: ' }],
  [/nomic-embed/i, { question: 'search_query: ', passage: 'search_document: ' }],
  [/embedding-?gemma/i, { question: 'task: search result | query: ', passage: 'title: none | text: ' }],
  [/\be5-/i, { question: 'query: ', passage: 'passage: ' }],
];

export const wordsBefore = (modelName: string, role: TextRole): string =>
  known.find(([name]) => name.test(modelName))?.[1][role] ?? '';
