/** Waits for the tables as any transaction does, and does nothing with them. Settles when it had its turn, or will have none. */
export async function takeTurn(database: IDBDatabase, mode: 'read' | 'write'): Promise<void> {
  const transaction = database.transaction('meta', mode === 'read' ? 'readonly' : 'readwrite')
  transaction.objectStore('meta').get('')
  // Its answer is of no interest: a page that is frozen before it comes would hold the tables itself.
  transaction.commit?.()
  await new Promise<void>((resolve) => {
    transaction.oncomplete = transaction.onabort = () => resolve()
  })
}
