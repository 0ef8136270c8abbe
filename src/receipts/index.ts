export * from './policy.js'
export * from './readState.js'
export * from './readStateSource.js'
export * from './tallyTypes.js'
