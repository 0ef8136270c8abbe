/** What watches whether rows are seen: its code comes after the first screen, which nobody has read in its first moment. */
export { createDwellObserver } from '../reading/createDwellObserver.js'
export { whyUnseen } from '../reading/measure.js'
