import type { WeightsManifest } from '../../shared/protocol/weights';
import { formatCount } from '../../text/formatting';
import { m } from '../../text/paraglide/messages.js';
import type { Fact } from '../model-facts';

/** What is downloaded of what was found. @param wordsAlone without the file that lets the model see or hear */
export function chosenOf(found: WeightsManifest, wordsAlone: boolean): WeightsManifest {
  if (!wordsAlone || !found.projector) return found;
  const { projector, ...manifest } = found;
  return { ...manifest, files: manifest.files.filter(({ path }) => path !== projector.path) };
}

/** What the header of the file says, beyond what is told of every model. */
export function headerFacts({ files, gguf }: WeightsManifest): readonly Fact[] {
  const parts: Fact = { name: m.model_fact_files(), value: formatCount(files.length) };
  if (!gguf) return [parts];
  return [
    { name: m.model_fact_architecture(), value: gguf.architecture },
    { name: m.model_fact_quantization(), value: gguf.quantisation ?? m.compare_unknown() },
    { name: m.model_fact_template(), value: gguf.hasChatTemplate ? m.model_template_yes() : m.model_template_no() },
    parts,
  ];
}
