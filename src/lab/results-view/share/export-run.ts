/** The forms in which a run leaves the device, each made when it is asked for. */
import type { WholeRun } from '../../../storage/stored-lab';
import { loadPart } from '../../../ui/load-part';
import { datedName } from '../../../ui/save-file';
import type { PowerSettings } from '../../results/cost';
import type { HostedPrice } from '../../results/hosted-prices';

export type ExportForm = 'markdown' | 'csv' | 'jsonl' | 'jsonl-without-texts';

interface ExportedFile {
  readonly content: Blob;
  readonly name: string;
}

export async function exportRun(
  form: ExportForm,
  { run, set, answers }: WholeRun,
  cost: { readonly power: PowerSettings; readonly prices: readonly HostedPrice[] },
): Promise<ExportedFile> {
  switch (form) {
    case 'markdown': {
      const { markdownReport } = await loadPart(() => import('../../reports/markdown-report'));
      const text = markdownReport({ run, set, answers, cost });
      return { content: new Blob([text], { type: 'text/markdown' }), name: datedName('lab-report', 'md') };
    }
    case 'csv': {
      const { withSetFiles } = await loadPart(() => import('../../files/set-files'));
      const text = await withSetFiles((files) => files.writeResults(set, { run, answers }));
      return { content: new Blob([text], { type: 'text/csv' }), name: datedName('lab-results', 'csv') };
    }
    default: {
      const { writeExchange } = await loadPart(() => import('../../reports/write-exchange'));
      const content = writeExchange(run, set, answers, form === 'jsonl');
      return { content, name: datedName('lab-results', 'jsonl') };
    }
  }
}
