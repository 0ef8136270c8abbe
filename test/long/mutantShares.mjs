/** Pure: how many of the mutants of each folder some test noticed. One folder is not made good by another. */

/**
 * @param {readonly string[]} folders
 * @param {readonly { file: string }[]} tried
 * @param {readonly { file: string }[]} survivors - of those
 * @param {number} least - of a hundred
 */
export function sharesOf(folders, tried, survivors, least) {
  return folders.map((folder) => {
    const countOf = (mutants) => mutants.filter(({ file }) => file.startsWith(`${folder}/`)).length
    const total = countOf(tried)
    const killed = total - countOf(survivors)
    const percent = total === 0 ? 100 : (100 * killed) / total
    return { folder, total, killed, percent, isEnough: percent >= least }
  })
}
