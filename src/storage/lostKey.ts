/** Name of the meta row that says why the browser threw the rows of before away, until somebody has told of it. */
export const LOST_KEY = 'lost'
