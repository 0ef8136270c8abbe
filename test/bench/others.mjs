/** Other people's lists and kits. */
export async function buildOthers() {
  return []
}
