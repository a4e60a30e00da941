/*
 * The upstream of compare-http: answers GET over HTTP/1.1 at the least possible cost, so that the proxy in front
 * of it is what is measured. One thread, one epoll; every answer is ready made.
 *
 *   upstream NAME      listens on a free loopback port and prints it; X-Upstream: NAME stands in every answer
 *   GET /128, /4096    a body of that many bytes
 *   GET /head          the head of the request as it arrived: shows what a proxy added to it
 *
 * Heads may arrive in any pieces, or several at once (pipelining). Answers that the client does not take wait in
 * the connection, and nothing more is read from it until they are gone. What is not a GET without a body is
 * answered 400 and the connection closed.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { IN_BYTES = 16 * 1024, ANSWER_BYTES = IN_BYTES + 512, OUT_BYTES = 4 * ANSWER_BYTES, EVENTS = 256 };

struct answer {
    char bytes[8192];
    size_t length;
};

struct connection {
    int fd;
    bool waits_for_room; /* the client is slow: epoll tells of room to write, not of bytes to read */
    bool closing;        /* nothing more is read; closed as soon as the output is gone */
    size_t in_length;
    size_t scanned; /* no head ends before this offset */
    size_t out_from;
    size_t out_to;
    char in[IN_BYTES + 1]; /* one more for a terminating zero */
    char out[OUT_BYTES];
};

static const char *name;
static int epoll;
static struct answer of_128, of_4096, not_found, bad_request;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static void make(struct answer *answer, const char *status, const char *more, size_t body) {
    int head = snprintf(answer->bytes, sizeof answer->bytes,
                        "HTTP/1.1 %s\r\nContent-Type: text/plain\r\nX-Upstream: %s\r\n%sContent-Length: %zu\r\n\r\n",
                        status, name, more, body);
    memset(answer->bytes + head, 'x', body);
    answer->length = head + body;
}

static void put(struct connection *c, const char *bytes, size_t length) {
    memcpy(c->out + c->out_to, bytes, length);
    c->out_to += length;
}

static void put_head_as_body(struct connection *c, const char *head, size_t length) {
    char answer_head[256];
    int answer_length = snprintf(answer_head, sizeof answer_head,
                                 "HTTP/1.1 200 OK\r\nX-Upstream: %s\r\nContent-Length: %zu\r\n\r\n", name, length);
    put(c, answer_head, answer_length);
    put(c, head, length);
}

static bool is_path(const char *head, const char *path) {
    size_t length = strlen(path);
    return strncmp(head + 4, path, length) == 0 && head[4 + length] == ' ';
}

/* Appends the answer to the head, which ends with a zero in place of its last line feed. */
static void answer(struct connection *c, char *head, size_t length) {
    const char *line_end = strchr(head, '\n');
    bool http_1_1 = line_end && line_end - head >= 9 && memcmp(line_end - 9, "HTTP/1.1\r", 9) == 0;
    if (strncmp(head, "GET /", 5) != 0 || !http_1_1 || strcasestr(head, "\ncontent-length:")
        || strcasestr(head, "\ntransfer-encoding:")) {
        put(c, bad_request.bytes, bad_request.length);
        c->closing = true;
        return;
    }
    if (is_path(head, "/128")) {
        put(c, of_128.bytes, of_128.length);
    } else if (is_path(head, "/4096")) {
        put(c, of_4096.bytes, of_4096.length);
    } else if (is_path(head, "/head")) {
        put_head_as_body(c, head, length - 1);
    } else {
        put(c, not_found.bytes, not_found.length);
    }
    c->closing = strcasestr(head, "\nconnection: close") != NULL;
}

/* Answers every complete head in the input for which the output has room. Returns whether room was what it lacked. */
static bool answer_all(struct connection *c) {
    size_t from = 0;
    bool room;
    while ((room = c->out_to + ANSWER_BYTES <= OUT_BYTES) && !c->closing) {
        char *end = memmem(c->in + c->scanned, c->in_length - c->scanned, "\r\n\r\n", 4);
        if (!end) {
            /* The last three bytes may be the beginning of the end. */
            size_t seen = c->in_length < 3 ? 0 : c->in_length - 3;
            c->scanned = seen > from ? seen : from;
            break;
        }
        size_t length = end + 4 - (c->in + from);
        end[3] = 0;
        answer(c, c->in + from, length);
        from += length;
        c->scanned = from;
    }
    if (from > 0) {
        memmove(c->in, c->in + from, c->in_length - from);
        c->in_length -= from;
        c->scanned -= from;
    }
    if (!c->closing && c->in_length == IN_BYTES && c->scanned > 0) { /* a head without an end */
        put(c, bad_request.bytes, bad_request.length);
        c->closing = true;
    }
    return !room && !c->closing;
}

static void end(struct connection *c) {
    close(c->fd);
    free(c);
}

/* Writes what waits. Returns false if the connection broke. */
static bool flush(struct connection *c) {
    while (c->out_from < c->out_to) {
        ssize_t written = send(c->fd, c->out + c->out_from, c->out_to - c->out_from, MSG_NOSIGNAL);
        if (written < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        c->out_from += written;
    }
    c->out_from = c->out_to = 0;
    return true;
}

static void wait_for(struct connection *c, bool room) {
    if (c->waits_for_room != room) {
        struct epoll_event event = {.events = room ? EPOLLOUT : EPOLLIN, .data.ptr = c};
        epoll_ctl(epoll, EPOLL_CTL_MOD, c->fd, &event);
        c->waits_for_room = room;
    }
}

static void serve(struct connection *c) {
    if (!c->waits_for_room) {
        ssize_t got = recv(c->fd, c->in + c->in_length, IN_BYTES - c->in_length, 0);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) {
            end(c);
            return;
        }
        c->in_length += got > 0 ? got : 0;
    }
    bool kept_back;
    do { /* what a full output kept back has arrived already: epoll will not tell of it again */
        kept_back = answer_all(c);
        if (!flush(c)) {
            end(c);
            return;
        }
    } while (kept_back && c->out_to == 0);
    if (c->closing && c->out_to == 0) {
        end(c);
        return;
    }
    wait_for(c, c->out_to > 0);
}

static void accept_all(int listener) {
    int fd;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct connection *c = malloc(sizeof *c);
        if (!c) {
            die("malloc");
        }
        /* The buffers stay untouched: an idle connection takes no memory for them. */
        c->fd = fd;
        c->waits_for_room = c->closing = false;
        c->in_length = c->scanned = c->out_from = c->out_to = 0;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
        if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) < 0) {
            end(c);
        }
    }
}

static int listen_on_loopback(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) < 0 || listen(listener, 4096) < 0
        || getsockname(listener, (struct sockaddr *)&address, &length) < 0) {
        die("listen");
    }
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return listener;
}

int main(int argc, char **argv) {
    if (argc != 2 || argv[1][0] == '-' || strlen(argv[1]) > 64) {
        fprintf(stderr, "usage: upstream NAME\n");
        return 2;
    }
    name = argv[1];
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* ends with the script that started it, whatever becomes of that */
    make(&of_128, "200 OK", "", 128);
    make(&of_4096, "200 OK", "", 4096);
    make(&not_found, "404 Not Found", "", 0);
    make(&bad_request, "400 Bad Request", "Connection: close\r\n", 0);
    epoll = epoll_create1(EPOLL_CLOEXEC);
    int listener = listen_on_loopback();
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) < 0) {
        die("epoll");
    }
    for (;;) {
        struct epoll_event events[EVENTS];
        int count = epoll_wait(epoll, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.ptr == NULL) {
                accept_all(listener);
            } else {
                serve(events[i].data.ptr);
            }
        }
    }
}
