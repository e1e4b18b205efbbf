/** Which models Sotto's own engine computes, by the architecture that a GGUF names. */

/** Those of which the kernels know every part: plain transformers, and `qwen35` with its layers of linear attention. */
export const cpuArchitectures = ['llama', 'qwen2', 'qwen3', 'qwen35', 'gemma2', 'gemma3', 'minicpm'] as const;
export type CpuArchitecture = (typeof cpuArchitectures)[number];

export const isCpuArchitecture = (name: string): name is CpuArchitecture =>
  cpuArchitectures.some((candidate) => candidate === name);
