// @ts-check
// Bring what is typed to the server: one request at a time, in order, the newest value of a field alone. A server that is
// gone is asked again until it is back; what it has not yet taken stays in memory.

import { again, carriedOver, isResult, together, touches } from "./desk_jobs.js";
import { ask, reason, tell } from "./desk_talk.js";
import { refresh } from "./live.js";

/** @import { Change, Clash, Opened } from "./desk_types.js" */
/** @import { Answer } from "./desk_talk.js" */
/** @import { Job } from "./desk_jobs.js" */

/** @typedef {"saved" | "saving" | "failed" | "clash"} State */

/**
 * @typedef {object} Listener
 * @property {(opened: Opened, pending: Change[]) => void} opened The file as it now is, and what it does not yet say.
 * @property {(state: State, why: string) => void} state
 * @property {(job: Job, why: string) => void} refused The server will never take it.
 * @property {(clashes: Clash[]) => void} clash Somebody else has changed the same place; nothing goes until `resolve`.
 */

const PATIENCE = [500, 1000, 2000, 4000];
/** Milliseconds until a lost server is asked again; the last one over and over. */
const LOST = 0;
export const WINDOW = crypto.randomUUID();

export class Saver {
  /** @type {Job[]} */
  #jobs = [];
  /** @type {Job | null} */
  #sending = null;
  /** @type {{ answer: Opened & { conflict: Clash[] }, job: Job } | null} */
  #clash = null;
  #running = false;
  #wake = () => {};

  /** @param {Opened} opened @param {Listener} listener */
  constructor(opened, listener) {
    this.opened = opened;
    this.listener = listener;
  }

  get isBusy() {
    return Boolean(this.#jobs.length || this.#sending || this.#clash);
  }

  /** @returns {Change[]} What is on its way or waits. */
  get pending() {
    return [...(this.#sending?.changes ?? []), ...this.#jobs.flatMap((job) => job.changes)];
  }

  /**
   * @param {Change[]} changes @param {string} group Changes of one group are one step of undo.
   * @param {string} [version] What they were meant for, where that is not the newest.
   */
  change(changes, group, version) {
    const last = this.#jobs[this.#jobs.length - 1];
    const isMore = last?.address === "change" && last.group === group && last.version === version;
    if (isMore) last.changes = together(last.changes, changes);
    else this.#jobs.push({ address: "change", group, changes, ...(version && { version }) });
    this.#run();
  }

  /** @param {"undo" | "redo"} address */
  step(address) {
    this.#jobs.push({ address, group: "", changes: [] });
    this.#run();
  }

  /** @param {string} text The whole file, where it cannot be parsed. */
  text(text) {
    this.#jobs.push({ address: "text", group: "", changes: [], text });
    this.#run();
  }

  /** Try at once what waits for a lost server. */
  wake() {
    this.#wake();
  }

  /** @param {Clash[]} kept Where one's own text shall stand; at the other places theirs does. */
  resolve(kept) {
    if (!this.#clash) return;
    const { answer, job } = this.#clash;
    this.#clash = null;
    const isTheirs = (/** @type {Change} */ change) => answer.conflict.some((one) => !kept.includes(one) && touches(change, one));
    for (const waiting of this.#jobs) waiting.changes = waiting.changes.filter((change) => !isTheirs(change));
    const jobs = [...again(job, answer.conflict, kept, job.version ?? this.opened.version), ...this.#jobs];
    this.#jobs = jobs.filter((one) => one.changes.length || one.address !== "change");
    this.#take({ ...answer, merged: false });
    this.#run();
  }

  /** @param {Opened} opened */
  #take(opened) {
    this.opened = opened;
    this.listener.opened(opened, this.pending);
    if (!this.isBusy) this.listener.state("saved", "");
  }

  async #run() {
    if (this.#running || this.#clash) return;
    this.#running = true;
    for (let tries = 0; !this.#clash; ) {
      this.#sending ??= this.#jobs.shift() ?? null;
      if (!this.#sending) break;
      if (!tries) this.listener.state("saving", "");
      const answer = await this.#send(this.#sending, tries > 0);
      if (!answer) tries = 0;
      else if (answer.status === LOST || answer.status === 403 || answer.status === 404 || answer.status >= 500) {
        this.listener.state("failed", answer.status === LOST ? "" : reason(answer));
        await this.#pause(PATIENCE[Math.min(tries++, PATIENCE.length - 1)]);
        // What a server that has come back knows us by.
        if (answer.status === 403) await refresh();
      } else {
        tries = 0;
        this.#settle(answer);
      }
    }
    this.#running = false;
  }

  /** @param {Answer} answer */
  #settle(answer) {
    const job = /** @type {Job} */ (this.#sending);
    this.#sending = null;
    if (answer.status === 200) {
      if (answer.body.merged) carriedOver(this.#jobs, job, this.opened, answer.body);
      this.#take(answer.body);
    }
    if (answer.status === 409 && answer.body.conflict) {
      this.#clash = { answer: answer.body, job };
      this.listener.state("clash", "");
      this.listener.clash(answer.body.conflict);
    } else if (answer.status !== 200) this.listener.refused(job, reason(answer));
  }

  /** @param {Job} job @param {boolean} again @returns {Promise<Answer | null>} None where it was already done. */
  async #send(job, again) {
    const { slug, version, data } = this.opened;
    try {
      if (again) {
        // The server may have been lost between doing it and saying so.
        const now = await ask("issue", { issue: slug, window: WINDOW });
        const isDone = now.status === 200 && now.body.version !== version && isResult(now.body.data, data, job);
        if (isDone) {
          this.#settle(now);
          return null;
        }
      }
      const { address, ...more } = job;
      return await tell(address, { issue: slug, window: WINDOW, version, ...more });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return { status: LOST, body: {} };
    }
  }

  /** @param {number} time */
  #pause(time) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, time);
      this.#wake = () => {
        clearTimeout(timer);
        resolve(undefined);
      };
    });
  }
}
