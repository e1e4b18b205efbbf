/** The address of the maps that `tools/build/character-maps.ts` puts together. */
declare module 'sotto:character-maps' {
  const address: string;
  export default address;
}
