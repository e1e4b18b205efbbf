import type { ServerApi } from '../../src/shared/protocol/server';
import type { EngineEvent } from '../../src/shared/protocol/engine-api';
import { FailureError, failureFrom, type Result } from '../../src/shared/protocol/failure';
import type { ServedModel, ServerConnection } from '../../src/shared/domain/server';
import { EngineHost } from '../engine/engine-host';
import { listModels } from './list-models';
import { type Patience, usualPatience } from './patience';
import { ServerEngine } from './server-engine';

/** Hosts the one engine of its worker, and answers what is asked of servers before they are used. */
export class ServerHost extends EngineHost implements ServerApi {
  constructor(
    post: (event: EngineEvent) => void,
    private readonly patience: Patience = usualPatience,
  ) {
    super(
      () => Promise.resolve(new ServerEngine(patience)),
      post,
      () => Promise.reject(new FailureError({ kind: 'request-invalid', technical: 'a server has no files here' })),
    );
  }

  async listModels(server: Omit<ServerConnection, 'model'>): Promise<Result<readonly ServedModel[]>> {
    try {
      return { ok: true, value: await listModels(server, this.patience) };
    } catch (error) {
      return { ok: false, failure: failureFrom(error, 'unexpected') };
    }
  }
}
