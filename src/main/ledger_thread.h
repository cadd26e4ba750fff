/* Work that takes long, beside the ledger's loop: a thread of its own, which shares nothing with the loop but the job
 * that it is given, and hands that back when it is done. */
#pragma once

struct ledger_thread;

/* Begins `work(job)`. The job belongs to the thread from then on, and `job_free` is called once: by ledger_thread_free,
 * or by the thread where nobody wants it any more. NULL when no thread can be had: then it was called already. */
struct ledger_thread *ledger_thread_start(void (*work)(void *job), void *job,
					  void (*job_free)(void *job));
/* The job, when it is done; it stays the thread's. NULL: it still works. */
void *ledger_thread_look(struct ledger_thread *thread);
/* NULL is allowed. A thread that still works goes on by itself. */
void ledger_thread_free(struct ledger_thread *thread);
