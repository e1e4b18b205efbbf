/** Builds the app and serves it like `npm start`, for tools that look at it from outside. */
import { build, preview } from 'vite';

export interface ServedApp {
  readonly origin: string;
  close(): Promise<void>;
}

export async function serveApp(port: number): Promise<ServedApp> {
  await build({ logLevel: 'warn' });
  const server = await preview({ logLevel: 'warn', preview: { port, strictPort: true } });
  return { origin: `http://localhost:${port}`, close: () => server.close() };
}
