import type { Way } from '../../src/shared/platform/self-test-ways';

/** Runs in a worker made of a Blob, as the threads of llama.cpp are: tells what stopped a `fetch` there. */
const script = (url: string): string => `
  addEventListener('securitypolicyviolation', ({ effectiveDirective }) => postMessage(effectiveDirective));
  fetch(${JSON.stringify(url)}, { method: 'POST', body: 'self-test', mode: 'no-cors' }).then(
    () => postMessage('reached'),
    () => setTimeout(() => postMessage('failed'), 100),
  );
`;

/** Workers that an engine makes inherit its policy; their reports go to themselves, so this one passes the report on. */
export const nestedWorkerWay: Way = [
  'fetch in a nested worker',
  async (url): Promise<'reached'> => {
    const address = URL.createObjectURL(new Blob([script(url)], { type: 'text/javascript' }));
    const worker = new Worker(address, { type: 'module' });
    const told = await new Promise<string>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<string>): void => resolve(data);
      worker.onerror = ({ message }): void => resolve(message);
    });
    worker.terminate();
    URL.revokeObjectURL(address);
    if (told === 'reached') return 'reached';
    if (told === 'connect-src')
      self.dispatchEvent(
        new SecurityPolicyViolationEvent('securitypolicyviolation', {
          blockedURI: url,
          effectiveDirective: told,
          violatedDirective: told,
          documentURI: self.location.href,
          disposition: 'enforce',
          statusCode: 0,
          originalPolicy: '',
        }),
      );
    throw new Error(told);
  },
];
