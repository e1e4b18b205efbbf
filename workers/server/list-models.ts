/** Which models a server has, how long their windows are and what they take: each kind of server tells that elsewhere, or not at all. */
import { shortAddress, type ServedModel, type ServerConnection } from '../../src/shared/domain/server';
import { type Fields, fieldsOf, isFields, numberIn, textIn } from '../../src/shared/domain/fields';
import type { Senses } from '../../src/shared/domain/senses';
import { FailureError } from '../../src/shared/protocol/failure';
import { askFacts, rootOf } from './ask-server';
import type { Patience } from './patience';

/** More than any server has; a list without an end must not fill the page. */
const mostModels = 500;
const mostTokens = 1e8;

type Asked = Omit<ServerConnection, 'model'>;

/** @throws FailureError of a kind that begins with `server-`; an `AbortError` after an abort */
export async function listModels(
  server: Asked,
  { listMs }: Pick<Patience, 'listMs'>,
  signal?: AbortSignal,
): Promise<readonly ServedModel[]> {
  const subject = shortAddress(server.address);
  const answer = await askFacts(server, '/models', { limitMs: listMs, ...(signal && { signal }) });
  const listed = isFields(answer) ? (answer['data'] ?? answer['models']) : answer;
  if (!Array.isArray(listed))
    throw new FailureError({ kind: 'server-not-understood', technical: 'the answer has no list of models', subject });
  const models = listed.flatMap((one): ServedModel[] => {
    const fields = fieldsOf(one);
    const id = textIn(fields['id'] ?? fields['name'], 300);
    const contextTokens = tokensIn(
      fields['max_model_len'] ?? fieldsOf(fields['meta'])['n_ctx_train'] ?? fields['context_length'],
    );
    const senses = sensesIn(fields['capabilities']);
    return id === undefined || id === ''
      ? []
      : [{ id, ...(contextTokens !== undefined && { contextTokens }), ...(senses && { senses }) }];
  });
  // Two of one name could not be told apart in a request.
  return [...new Map(models.map((model) => [model.id, model])).values()].slice(0, mostModels);
}

/** What Ollama gives a model where neither its file nor the server says another: https://docs.ollama.com/context-length */
const ollamaTokens = 4096;

interface ServedFacts {
  readonly contextTokens?: number | undefined;
  readonly senses?: Senses | undefined;
}

/**
 * The window that a model really has on its server, in tokens, and what it takes beside words; each absent where nothing tells.
 * Whatever goes wrong with this question alone is not worth a failure.
 */
export async function servedFacts(
  server: ServerConnection,
  { listMs }: Pick<Patience, 'listMs'>,
  signal: AbortSignal,
): Promise<ServedFacts> {
  try {
    return await askServedFacts(server, listMs, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return {};
  }
}

async function askServedFacts(server: ServerConnection, limitMs: number, signal: AbortSignal): Promise<ServedFacts> {
  const { kind, model } = server;
  const ask = async (path: string, body?: unknown): Promise<Fields> =>
    fieldsOf(await askFacts(server, rootOf(server.address) + path, { body, signal, limitMs }));
  switch (kind) {
    case 'llama-server': {
      const { default_generation_settings: settings, modalities } = await ask('/props');
      const { vision, audio } = fieldsOf(modalities);
      return {
        contextTokens: tokensIn(fieldsOf(settings)['n_ctx']),
        ...(isFields(modalities) && { senses: { sees: vision === true, hears: audio === true } }),
      };
    }
    case 'ollama': {
      // What it cannot hold, it cuts off without a word: so its own number, not the model's.
      const loaded = entryOf((await ask('/api/ps'))['models'], 'name', model);
      const { parameters, capabilities } = await ask('/api/show', { model });
      const written = /^num_ctx\s+(\d+)/m.exec(typeof parameters === 'string' ? parameters : '')?.[1];
      return {
        contextTokens: tokensIn(loaded['context_length']) ?? tokensIn(Number(written)) ?? ollamaTokens,
        senses: sensesIn(capabilities),
      };
    }
    case 'lm-studio': {
      const entry = entryOf((await ask('/api/v0/models'))['data'], 'id', model);
      const { type } = entry;
      return {
        contextTokens: tokensIn(entry['loaded_context_length']) ?? tokensIn(entry['max_context_length']),
        ...(typeof type === 'string' && { senses: { sees: type === 'vlm', hears: false } }),
      };
    }
    default:
      return {};
  }
}

/**
 * A list of what a model can do, as Ollama and llama-server have it. "multimodal" says that it takes something, and not what.
 * @see https://docs.ollama.com/api#show-model-information
 */
function sensesIn(capabilities: unknown): Senses | undefined {
  if (!Array.isArray(capabilities) || capabilities.includes('multimodal')) return undefined;
  return { sees: capabilities.includes('vision'), hears: capabilities.includes('audio') };
}

const entryOf = (list: unknown, field: string, value: string): Fields =>
  fieldsOf((Array.isArray(list) ? list : []).find((one) => fieldsOf(one)[field] === value));

const tokensIn = (value: unknown): number | undefined => {
  const tokens = numberIn(value, 1, mostTokens);
  return tokens === undefined ? undefined : Math.floor(tokens);
};
