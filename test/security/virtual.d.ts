/** The texts to try, as the test chose them. Naughty strings, which broke other programs, are from beside the repository; none where they are not there. */
declare module 'virtual:chosen-texts' {
  const chosen: { readonly vectors: readonly string[]; readonly naughty: readonly string[] }
  export default chosen
}
