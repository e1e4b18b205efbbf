import type { BuiltInWeights } from '../../src/shared/protocol/weights';
import { failed, type Result } from '../../src/shared/protocol/failure';
import { sha256 as sha256Of } from './verify/digest';

/**
 * Fetches a model that ships with the app. Length and hash are checked, because a captive portal or a host that rewrites
 * missing files answers 200 with a page of HTML, and an engine would take long to choke on that.
 */
export async function openBuiltInWeights({ url, bytes, sha256 }: BuiltInWeights): Promise<Result<Blob>> {
  let blob: Blob;
  try {
    const response = await fetch(url);
    if (!response.ok) return failed('part-unreachable', `${response.status} for ${url}`);
    blob = await response.blob();
  } catch (error) {
    return failed('part-unreachable', String(error));
  }
  if (blob.size !== bytes) return failed('download-wrong', `${blob.size} bytes instead of ${bytes} from ${url}`);
  const hash = await sha256Of(await blob.arrayBuffer());
  if (hash !== sha256) return failed('download-wrong', `SHA-256 ${hash} instead of ${sha256} from ${url}`);
  return { ok: true, value: blob };
}
