/** What a WebGPU adapter tells of itself, as far as a browser lets it. */
export interface AdapterInfo {
  readonly vendor?: string;
  readonly architecture?: string;
  readonly description?: string;
  readonly isFallbackAdapter?: boolean;
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|basic render|\bwarp\b|software/i;

/** Whether the adapter only imitates a GPU: correct, and far too slow for chat. */
export const isSoftwareAdapter = ({ vendor, architecture, description, isFallbackAdapter }: AdapterInfo): boolean =>
  isFallbackAdapter === true || softwareNames.test(`${vendor ?? ''} ${architecture ?? ''} ${description ?? ''}`);

/** A name for people and for what is remembered of a GPU; empty where the browser tells nothing. */
export const adapterName = ({ vendor, architecture, description }: AdapterInfo): string =>
  [vendor, architecture, description].filter((part) => part !== undefined && part !== '').join(' ');
