/** The kernels that look for the limits of a GPU. Each does one thing only, and stores so that nothing can be left out. */

export interface ReadVariant {
  /** Threads of a workgroup. */
  readonly threads: number;
  /** Loads that a thread has in flight. */
  readonly loads: number;
}

/** Which of these is fastest is a matter of the GPU. */
export const readVariants: readonly ReadVariant[] = [64, 128, 256].flatMap((threads) =>
  [1, 4, 8].map((loads) => ({ threads, loads })),
);

/** Writes something into every word: memory that was never written need not be read. */
export const fillShader = /* wgsl */ `
@group(0) @binding(0) var<storage, read_write> data: array<u32>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let stride = groups.x * 256u;
  for (var i = id.x; i < arrayLength(&data); i += stride) { data[i] = i * 2654435761u; }
}`;

/** Reads all of the buffer, 16 bytes a load, neighbouring threads beside each other. */
export function readShader({ threads, loads }: ReadVariant): string {
  const together = Array.from({ length: loads }, (_, index) => `data[i + ${index}u * stride]`).join(' ^ ');
  return /* wgsl */ `
@group(0) @binding(0) var<storage, read> data: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read_write> out: array<u32>;
@compute @workgroup_size(${threads})
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let stride = groups.x * ${threads}u;
  let count = arrayLength(&data);
  var fold = vec4<u32>();
  var i = id.x;
  while (i + ${loads - 1}u * stride < count) { fold ^= ${together}; i += ${loads}u * stride; }
  while (i < count) { fold ^= data[i]; i += stride; }
  out[id.x] = fold.x ^ fold.y ^ fold.z ^ fold.w;
}`;
}

/**
 * Reads blocks of 18 bytes, 32 weights of four bits and their scale, which begin at every second byte: how rows of Q4_0 lie in
 * memory.
 */
export const quantizedShader = /* wgsl */ `
@group(0) @binding(0) var<storage, read> data: array<u32>;
@group(0) @binding(1) var<storage, read_write> out: array<u32>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>, @builtin(num_workgroups) groups: vec3<u32>) {
  let stride = groups.x * 256u;
  let blocks = arrayLength(&data) / 9u * 2u;
  var fold = 0u;
  for (var block = id.x; block < blocks; block += stride) {
    let word = block * 9u / 2u;
    fold ^= data[word] ^ data[word + 1u] ^ data[word + 2u] ^ data[word + 3u] ^ data[word + 4u];
  }
  out[id.x] = fold;
}`;

/** As little work as a dispatch can have, each waiting for the one before. */
export const dispatchShader = /* wgsl */ `
@group(0) @binding(0) var<storage, read_write> out: array<u32>;
@compute @workgroup_size(1)
fn main() { out[0] = out[0] + 1u; }`;

export const multiplyRounds = 512;
/** Multiply-adds of one thread in one dispatch: four chains of four numbers. */
export const multiplyAddsPerThread = multiplyRounds * 4 * 4;

/** Chains of multiply-adds in registers. */
export function multiplyShader(halfPrecision: boolean): string {
  const type = halfPrecision ? 'f16' : 'f32';
  return /* wgsl */ `
${halfPrecision ? 'enable f16;' : ''}
@group(0) @binding(0) var<storage, read_write> out: array<u32>;
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let seed = ${type}(f32(id.x % 7u) * 0.001);
  let factor = vec4<${type}>(${type}(0.999) + seed);
  let shift = vec4<${type}>(seed);
  var a = vec4<${type}>(seed); var b = a + factor; var c = b + factor; var d = c + factor;
  for (var round = 0u; round < ${multiplyRounds}u; round += 1u) {
    a = fma(a, factor, shift); b = fma(b, factor, shift); c = fma(c, factor, shift); d = fma(d, factor, shift);
  }
  let sum = a + b + c + d;
  out[id.x] = u32(abs(sum.x + sum.y + sum.z + sum.w));
}`;
}
