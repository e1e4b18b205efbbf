/** What page and server worker say to each other beyond what every engine is asked. Types only. */
import type { ServedModel, ServerConnection } from '../domain/server';
import type { EngineApi } from './engine-api';
import type { Result } from './failure';

export interface ServerApi extends EngineApi {
  /** The models that a server lists, with their windows where it tells. Failures are the kinds that begin with `server-`. */
  listModels(server: Omit<ServerConnection, 'model'>): Promise<Result<readonly ServedModel[]>>;
}

/** The worker that finds out whether anything answers at an address, although the server may let no page read it. */
export interface ReachApi {
  /** Never rejects. False where nothing answers, or the browser allows no such attempt. @param origin of the server */
  answers(origin: string): Promise<boolean>;
}
