/* A relay that is not the limit: takes mail over SMTP as fast as the kernel hands it over, and forgets it.

   cc -O2 -o receiver receiver.c && ./receiver [port]

   Prints the port it listens on; at SIGTERM one line of JSON: messages, octets, and the seconds of CPU it has used.
   One thread, epoll, replies of one read in one write. Offers PIPELINING, 8BITMIME and SIZE, takes every address and
   answers each final dot with a queue id. Touches: loopback. Limits: it does not keep, check or parse the mail; a command
   has at most 512 octets (RFC 5321 4.5.3.1.4); it knows neither TLS nor AUTH. For measurements only. */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST_EVENTS = 64, READ_SIZE = 1 << 18, LINE_SIZE = 512, OUT_SIZE = 1 << 16 };

struct link {
    int socket;
    int in_data;
    size_t held;             /* octets of `line`: an unfinished command, or in data the end of what was read last */
    char line[LINE_SIZE];
};

static char input[LINE_SIZE + READ_SIZE];
static char output[OUT_SIZE];
static size_t said;
static unsigned long messages, octets;

static void say(const char *reply) {
    size_t length = strlen(reply);
    if (said + length <= sizeof output) {
        memcpy(output + said, reply, length);
        said += length;
    }
}

/* The octet after CRLF "." CRLF, or NULL. Dots are rare in base64, so they are what is looked for. */
static char *end_of_data(char *from, char *to) {
    for (char *dot = from; (dot = memchr(dot, '.', (size_t)(to - dot))) != NULL; dot++) {
        if (dot - from >= 2 && to - dot >= 3 && memcmp(dot - 2, "\r\n.\r\n", 5) == 0) return dot + 3;
    }
    return NULL;
}

static int begins(const char *line, const char *verb) { return strncasecmp(line, verb, strlen(verb)) == 0; }

/* Answers one command; returns 0 when the connection is to be closed. */
static int obey(struct link *link, const char *line) {
    if (begins(line, "MAIL") || begins(line, "RCPT") || begins(line, "RSET") || begins(line, "NOOP")) {
        say("250 2.1.0 Ok\r\n");
    } else if (begins(line, "DATA")) {
        say("354 Go on\r\n");
        link->in_data = 1;
    } else if (begins(line, "EHLO")) {
        say("250-receiver.example.org\r\n250-PIPELINING\r\n250-SIZE 50000000\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME\r\n");
    } else if (begins(line, "HELO")) {
        say("250 receiver.example.org\r\n");
    } else if (begins(line, "QUIT")) {
        say("221 2.0.0 Bye\r\n");
        return 0;
    } else {
        say("502 5.5.1 Not here\r\n");
    }
    return 1;
}

/* Takes all that can be taken of `from` to `to`; returns where the unfinished rest begins, or NULL to close. */
static char *take(struct link *link, char *from, char *to) {
    while (from < to) {
        if (link->in_data) {
            char *end = end_of_data(from, to);
            /* Four octets are kept: the end of data may come in two reads. */
            if (end == NULL) return to - from > 4 ? to - 4 : from;
            char reply[64];
            snprintf(reply, sizeof reply, "250 2.0.0 Ok: queued as %lX\r\n", ++messages);
            say(reply);
            link->in_data = 0;
            from = end;
        } else {
            char *end = memchr(from, '\n', (size_t)(to - from));
            if (end == NULL) return to - from < LINE_SIZE ? from : NULL;
            *end = '\0';
            int goes_on = obey(link, from);
            /* The CRLF of DATA counts as the one before a first dot (RFC 5321 4.1.1.4). */
            from = link->in_data ? end - 1 : end + 1;
            *end = '\n';
            if (!goes_on) return NULL;
        }
    }
    return to;
}

/* Reads once and answers; returns 0 when the connection is over. */
static int serve(struct link *link) {
    memcpy(input, link->line, link->held);
    ssize_t got = read(link->socket, input + link->held, READ_SIZE);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return 1;
    if (got <= 0) return 0;
    octets += (unsigned long)got;
    char *to = input + link->held + got;
    said = 0;
    char *rest = take(link, input, to);
    /* Replies are short and the socket's buffer is not; a sender that does not read is cut off. */
    if (said && write(link->socket, output, said) != (ssize_t)said) return 0;
    if (rest == NULL) return 0;
    link->held = (size_t)(to - rest);
    memcpy(link->line, rest, link->held);
    return 1;
}

static void report(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double seconds = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                     (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    printf("{\"messages\": %lu, \"octets\": %lu, \"cpu_s\": %.3f}\n", messages, octets, seconds);
}

static void watch(int poll, int descriptor, struct link *link) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = link};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) < 0) exit(1);
}

static void welcome(int poll, int listener) {
    int socket = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
    if (socket < 0) return;
    int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct link *link = calloc(1, sizeof *link);
    if (link == NULL) exit(1);
    link->socket = socket;
    static const char greeting[] = "220 receiver.example.org ESMTP\r\n";
    if (write(socket, greeting, sizeof greeting - 1) < 0) perror("greeting");
    watch(poll, socket, link);
}

int main(int count, char **words) {
    int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0), poll = epoll_create1(0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)(count > 1 ? atoi(words[1]) : 0))};
    socklen_t size = sizeof here;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&here, size) < 0 || listen(listener, 512) < 0) {
        perror("receiver");
        return 1;
    }
    sigset_t stops;
    sigemptyset(&stops);
    sigaddset(&stops, SIGTERM);
    sigprocmask(SIG_BLOCK, &stops, NULL);
    signal(SIGPIPE, SIG_IGN);
    struct link at_listener = {.socket = listener}, at_signals = {.socket = signalfd(-1, &stops, 0)};
    watch(poll, listener, &at_listener);
    watch(poll, at_signals.socket, &at_signals);
    getsockname(listener, (struct sockaddr *)&here, &size);
    printf("%d\n", ntohs(here.sin_port));
    fflush(stdout);
    for (;;) {
        struct epoll_event events[MOST_EVENTS];
        int ready = epoll_wait(poll, events, MOST_EVENTS, -1);
        for (int each = 0; each < ready; each++) {
            struct link *link = events[each].data.ptr;
            if (link == &at_signals) {
                report();
                return 0;
            }
            if (link == &at_listener) {
                welcome(poll, listener);
            } else if (!serve(link)) {
                close(link->socket);
                free(link);
            }
        }
    }
}
