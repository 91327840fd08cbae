// What `waitingThread` says of a thread that waits: words of the scratch area.

export enum WaitingWord {
  /** WaitReason */
  Reason = 0,
  /** Handle of what it waits for. */
  Object = 1,
  /** Its newest activation that is in a routine of the driver, 0 for none: who called what waits. */
  Activation = 2,
  /** The thread's cookie. */
  Cookie = 3,
  /** 1 when somebody is known to keep it waiting: the two words that follow say who. */
  Held = 4,
  /** The same of the thread that holds what it waits for. */
  HolderActivation = 5,
  HolderCookie = 6,
  /** How many requests of a queue the driver has yet to finish, and the handles of the first ones. */
  Requests = 7,
  FirstRequest = 8,
  /** 1 when the thread is in a critical region (behind the handles of requests). */
  CriticalRegion = 12,
}

/** Handles from WaitingWord.FirstRequest on, at most. */
export const WAITING_REQUESTS: u32 = 4;
