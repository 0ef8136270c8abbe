/** Strings that broke other programs, from beside the repository; empty where they are not there. */
declare module 'virtual:naughty-strings' {
  const strings: readonly string[]
  export default strings
}
