/** A reason not to start that the person at the keyboard can mend: one sentence of what is wrong, one of what to do. */
export class StartProblem extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'StartProblem'
  }
}

/** The `code` of a system error (`EACCES`) or of a PostgreSQL error (`28P01`); empty when there is none. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}

/** A file-system error as a sentence, or the error itself when it is something else. */
export function explainFolder(error: unknown, folder: string): unknown {
  const sentence = {
    ENOSPC: `The disk of ${folder} is full: free some space and start again; nothing is lost.`,
    EDQUOT: `The disk quota of ${folder} is used up: free some space and start again; nothing is lost.`,
    EACCES: `The data folder ${folder} may not be read or written by this user: give it to this user, or set CASCAD_DATA_DIR to another folder.`,
    EPERM: `The data folder ${folder} may not be changed by this user: give it to this user, or set CASCAD_DATA_DIR to another folder.`,
    EROFS: `The data folder ${folder} is on a read-only disk: set CASCAD_DATA_DIR to a folder that can be written.`,
    ENOTDIR: `The data folder ${folder} cannot be made because a file of that name is in the way: set CASCAD_DATA_DIR to another folder.`,
    EEXIST: `The data folder ${folder} cannot be made because a file of that name is in the way: set CASCAD_DATA_DIR to another folder.`,
  }[codeOf(error)]
  return sentence ? new StartProblem(sentence, { cause: error }) : error
}
