/** `true` where both types are the same, `false` where they are not; anything else does not compile. */
export function equal<A, B>(_same: (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false): void {}
