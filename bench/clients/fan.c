/* A load client for subscriptions: N graphql-transport-ws connections from one epoll thread, one subscription each, every
 * one under an operation id of its own (a UUID).
 *
 * usage: fan PORT PATH N SECONDS FIRST INITS SUBSCRIBES
 *   FIRST: how many messages each subscription begins with (1 for a live query, 0 for events).
 *   INITS, SUBSCRIBES: files of payloads, one a line; connection i takes line i modulo their number. The line of INITS is
 *   the class of the connection.
 * It speaks to 127.0.0.1 only and ends after SECONDS. It prints {"ready":…} once all are subscribed, and answers each line
 * on its standard input by a line of JSON:
 *   reset          forget what was counted
 *   count, stat    what came since; stat sorts the latencies, too
 *   forbid C R     from revision R on, no connection of class C may get an amount; one that does is "wrong"
 * A message's latency is the time of its arrival minus the stamp in it: "@" and microseconds, put there before the write.
 * Stamps of a connection must ascend: one that does not is counted as "disorder". Of a live query the same may come twice:
 * what is shown of a state changes with the rights of whom it is shown to. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTING, HANDSHAKE, GREETED, SUBSCRIBED, DEAD };
enum { RAMP = 64, CLASSES = 4096, STDIN = -1 };
typedef struct {
    int fd, state;
    unsigned got, first;
    uint64_t stamp;
    char *part;
    size_t held;
} conn;

static conn *all;
static int count, ep, port, started, opening, subscribed, dead, begun, first;
static const char *path;
static char **inits, **subscribes, *buffer;
static size_t classes, documents, kept, room;
static uint32_t *latencies;
static uint64_t messages, bytes, errors, wrong, disorder, first_stamp, last_arrival, forbidden[CLASSES];
enum { BUFFER = 1 << 22 };

static uint64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * 1000000ull + t.tv_nsec / 1000;
}

static size_t lines(const char *name, char ***into) {
    FILE *f = fopen(name, "r");
    if (!f) { perror(name); exit(2); }
    size_t n = 0, size = 0;
    char *line = NULL;
    ssize_t length;
    while ((length = getline(&line, &size, f)) > 0) {
        if (line[length - 1] == '\n') line[length - 1] = 0;
        *into = realloc(*into, (n + 1) * sizeof **into);
        (*into)[n++] = strdup(line);
    }
    fclose(f);
    return n;
}

static void drop(conn *c, const char *why) {
    if (c->state == DEAD) return;
    if (c->state == SUBSCRIBED) subscribed--; else opening--;
    if (errors++ < 3) fprintf(stderr, "lost a connection: %s\n", why);
    c->state = DEAD;
    dead++;
    close(c->fd);
    free(c->part);
    c->part = NULL;
}

static void say(conn *c, int opcode, const char *text, size_t n) {
    static unsigned char frame[1 << 16];
    size_t k = 0;
    frame[k++] = 0x80 | opcode;
    if (n < 126) frame[k++] = 0x80 | n;
    else { frame[k++] = 0x80 | 126; frame[k++] = n >> 8; frame[k++] = n & 255; }
    memset(frame + k, 0, 4); /* a mask of zeros masks, too */
    memcpy(frame + k + 4, text, n);
    if (write(c->fd, frame, k + 4 + n) != (ssize_t)(k + 4 + n)) drop(c, "it does not read");
}

static void start(void) {
    conn *c = &all[started];
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(port)};
    int one = 1;
    inet_pton(AF_INET, "127.0.0.1", &there.sin_addr);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (c->fd < 0) { perror("socket"); exit(3); }
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    c->state = CONNECTING;
    opening++;
    connect(c->fd, (struct sockaddr *)&there, sizeof there);
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.u32 = started++};
    epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e);
}

static void connected(conn *c) {
    char text[512];
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) { drop(c, strerror(error)); return; }
    int n = snprintf(text, sizeof text, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n", path, port);
    if (write(c->fd, text, n) != n) { drop(c, "write"); return; }
    c->state = HANDSHAKE;
    struct epoll_event e = {.events = EPOLLIN, .data.u32 = c - all};
    epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
}

static uint64_t digits(const char *p, const char *end) {
    uint64_t n = 0;
    while (p < end && (*p < '0' || *p > '9')) p++;
    while (p < end && *p >= '0' && *p <= '9') n = n * 10 + (*p++ - '0');
    return n;
}

static void look_for_leaks(conn *c, const char *text, size_t n) {
    uint64_t from = forbidden[(c - all) % classes % CLASSES];
    if (!from || !memmem(text, n, "\"amount\":\"", 10)) return;
    const char *revision = memmem(text, n, "\"revision\":", 11);
    if (revision && digits(revision, text + n) >= from && wrong++ < 3) fprintf(stderr, "wrong: %.*s\n", (int)n, text);
}

static void told(conn *c, const char *text, size_t n) {
    const char *mark = NULL, *next = text;
    while ((next = memmem(next, n - (next - text), "\"@", 2))) mark = next++; /* the last: what it changed to */
    look_for_leaks(c, text, n);
    if (c->first < (unsigned)first) {
        if (++c->first == (unsigned)first) begun++;
        return;
    }
    if (!mark) return;
    uint64_t stamp = digits(mark, text + n), at = now_us();
    if (stamp < c->stamp || (stamp == c->stamp && !first)) disorder++;
    c->stamp = stamp;
    if (kept == room) latencies = realloc(latencies, (room = room ? room * 2 : 1 << 20) * sizeof *latencies);
    latencies[kept++] = at > stamp ? at - stamp : 0;
    if (!first_stamp || stamp < first_stamp) first_stamp = stamp;
    last_arrival = at;
    messages++;
    bytes += n;
    c->got++;
}

static void frame(conn *c, int opcode, char *text, size_t n) {
    static char out[1 << 16];
    if (opcode == 9) { say(c, 10, text, n); return; }
    if (opcode == 8) { drop(c, n > 2 ? strndup(text + 2, n - 2) : "closed"); return; }
    if (opcode != 1 && opcode != 2) return;
    if (c->state == SUBSCRIBED && memmem(text, n < 120 ? n : 120, "\"next\"", 6)) { told(c, text, n); return; }
    if (memmem(text, n, "\"connection_ack\"", 16)) {
        int k = snprintf(out, sizeof out, "{\"id\":\"5f0c1d2e-9a8b-4c7d-8e6f-%012d\",\"type\":\"subscribe\",\"payload\":%s}",
            (int)(c - all), subscribes[(c - all) % documents]);
        say(c, 1, out, k);
        if (c->state == DEAD) return;
        c->state = SUBSCRIBED;
        subscribed++;
        opening--;
    } else if (memmem(text, n, "\"ping\"", 6)) say(c, 1, "{\"type\":\"pong\"}", 15);
    else if (errors++ < 3) fprintf(stderr, "unexpected: %.*s\n", (int)(n > 400 ? 400 : n), text);
}

static void greet(conn *c) {
    static char out[1 << 14];
    c->state = GREETED;
    say(c, 1, out, snprintf(out, sizeof out, "{\"type\":\"connection_init\",\"payload\":%s}", inits[(c - all) % classes]));
}

static void receive(conn *c) {
    size_t had = c->held, at = 0;
    if (had) { memcpy(buffer, c->part, had); free(c->part); c->part = NULL; c->held = 0; }
    ssize_t n = read(c->fd, buffer + had, BUFFER - had);
    if (n == 0 || (n < 0 && errno != EAGAIN)) { drop(c, n ? strerror(errno) : "the server hung up"); return; }
    size_t length = had + (n > 0 ? n : 0);
    if (c->state == HANDSHAKE) {
        char *end = memmem(buffer, length, "\r\n\r\n", 4);
        if (end) {
            if (!memmem(buffer, end - buffer, " 101 ", 5)) { drop(c, "no handshake"); return; }
            at = end + 4 - buffer;
            greet(c);
        }
    }
    while (c->state > HANDSHAKE && c->state != DEAD && length - at >= 2) {
        unsigned char *head = (unsigned char *)buffer + at;
        size_t size = head[1] & 127, skip = 2;
        if (size == 126) { if (length - at < 4) break; size = head[2] << 8 | head[3]; skip = 4; }
        else if (size == 127) {
            if (length - at < 10) break;
            size = 0;
            for (int i = 2; i < 10; i++) size = size << 8 | head[i];
            skip = 10;
        }
        if (length - at < skip + size) break;
        frame(c, head[0] & 15, buffer + at + skip, size);
        at += skip + size;
    }
    if (c->state != DEAD && length > at) {
        c->held = length - at;
        c->part = malloc(c->held);
        memcpy(c->part, buffer + at, c->held);
    }
}

static int by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static void answer(int sorted) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double cpu = used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    unsigned least = ~0u, most = 0;
    for (int i = 0; i < count; i++) if (all[i].state == SUBSCRIBED) {
        if (all[i].got < least) least = all[i].got;
        if (all[i].got > most) most = all[i].got;
    }
    if (sorted) qsort(latencies, kept, sizeof *latencies, by_size);
    printf("{\"subscribed\":%d,\"dead\":%d,\"errors\":%llu,\"wrong\":%llu,\"disorder\":%llu,\"messages\":%llu,\"bytes\":%llu,"
        "\"least\":%u,\"most\":%u,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"span_s\":%.6f,\"cpu_s\":%.4f}\n",
        subscribed, dead, (unsigned long long)errors, (unsigned long long)wrong, (unsigned long long)disorder,
        (unsigned long long)messages, (unsigned long long)bytes, subscribed ? least : 0, most,
        sorted && kept ? latencies[kept / 2] / 1e3 : 0, sorted && kept ? latencies[kept * 99 / 100] / 1e3 : 0,
        sorted && kept ? latencies[kept - 1] / 1e3 : 0, last_arrival > first_stamp ? (last_arrival - first_stamp) / 1e6 : 0, cpu);
    fflush(stdout);
}

static void command(char *text) {
    unsigned long long class = 0, revision = 0;
    if (!strncmp(text, "reset", 5)) {
        kept = messages = bytes = first_stamp = last_arrival = 0;
        for (int i = 0; i < count; i++) all[i].got = 0;
    } else if (sscanf(text, "forbid %llu %llu", &class, &revision) == 2) forbidden[class % CLASSES] = revision;
    else if (!strncmp(text, "quit", 4)) exit(0);
    answer(!strncmp(text, "stat", 4));
}

int main(int words, char **word) {
    if (words != 8) return 2;
    port = atoi(word[1]);
    path = word[2];
    count = atoi(word[3]);
    first = atoi(word[5]);
    uint64_t began = now_us(), until = began + (uint64_t)(atof(word[4]) * 1e6);
    classes = lines(word[6], &inits);
    documents = lines(word[7], &subscribes);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    all = calloc(count, sizeof *all);
    buffer = malloc(BUFFER);
    ep = epoll_create1(0);
    struct epoll_event e = {.events = EPOLLIN, .data.u32 = (uint32_t)STDIN};
    epoll_ctl(ep, EPOLL_CTL_ADD, 0, &e);
    static struct epoll_event ready[1024];
    int done = 0;
    while (now_us() < until) {
        while (started < count && opening < RAMP && (!first || subscribed - begun < RAMP)) start();
        if (!done && started == count && subscribed + dead == count && (!first || begun + dead >= count)) {
            done = 1;
            printf("{\"ready\":%d,\"dead\":%d,\"seconds\":%.3f}\n", subscribed, dead, (now_us() - began) / 1e6);
            fflush(stdout);
        }
        int n = epoll_wait(ep, ready, 1024, 100);
        for (int i = 0; i < n; i++) {
            if (ready[i].data.u32 == (uint32_t)STDIN) {
                char text[256];
                ssize_t k = read(0, text, sizeof text - 1);
                if (k <= 0) return 0;
                text[k] = 0;
                command(text);
                continue;
            }
            conn *c = &all[ready[i].data.u32];
            if (c->state == DEAD) continue;
            if (c->state == CONNECTING && ready[i].events & (EPOLLOUT | EPOLLERR)) connected(c);
            else if (ready[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(c);
        }
    }
    answer(1);
    return 3;
}
