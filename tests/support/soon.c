/* Before the libc of a cron: a clock on which a new minute begins in two seconds, so that nobody waits for one.

   cc -shared -fPIC -O2 -o soon.so soon.c
   LD_PRELOAD=soon.so cron -f

   From there it goes on as the machine's does. What cron starts has an environment of its own, and the right time. */

#define _GNU_SOURCE
#include <time.h>

time_t time(time_t *told) {
    static time_t ahead = -1;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (ahead < 0) ahead = (118 - now.tv_sec % 60) % 60;
    now.tv_sec += ahead;
    if (told) *told = now.tv_sec;
    return now.tv_sec;
}
