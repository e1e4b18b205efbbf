/** The bits of WebGPU's flags, which TypeScript knows as types only. Fixed by its specification. */
export const bufferUsage = {
  mapRead: 0x1,
  copySource: 0x4,
  copyTarget: 0x8,
  storage: 0x80,
  queryResolve: 0x200,
} as const;
export const mapRead = 0x1;
