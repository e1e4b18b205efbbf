/** Screens of iPhones and iPads, upright: width and height in points, pixels per point. iOS shows a splash of exactly this size. */
const screens = [
  [440, 956, 3],
  [430, 932, 3],
  [428, 926, 3],
  [420, 912, 3],
  [414, 896, 3],
  [414, 896, 2],
  [402, 874, 3],
  [393, 852, 3],
  [390, 844, 3],
  [375, 812, 3],
  [375, 667, 2],
  [1032, 1376, 2],
  [1024, 1366, 2],
  [834, 1210, 2],
  [834, 1194, 2],
  [820, 1180, 2],
  [810, 1080, 2],
  [768, 1024, 2],
  [744, 1133, 2],
] as const;

interface Splash {
  readonly path: string;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  readonly media: string;
}

export const splashScreens: readonly Splash[] = screens.map(([width, height, ratio]) => ({
  path: `icons/splash/${width * ratio}x${height * ratio}.png`,
  width: width * ratio,
  height: height * ratio,
  media: `(device-width: ${width}px) and (device-height: ${height}px) and (-webkit-device-pixel-ratio: ${ratio}) and (orientation: portrait)`,
}));

/** For the head of the page. */
export const splashLinks = (): string =>
  splashScreens
    .map(({ path, media }) => `<link rel="apple-touch-startup-image" media="${media}" href="./${path}" />`)
    .join('\n    ');
