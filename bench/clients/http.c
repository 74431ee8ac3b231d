/* A load client for HTTP/1.1: some keep-alive connections from one epoll thread, POSTing the bodies of a file in turn.
 *
 * usage: http PORT PATH CONNECTIONS SECONDS MAX_REQUESTS BODIES HEADERS
 *   BODIES: a file with one body a line; HEADERS: a file of header lines, sent with each request.
 * It speaks to 127.0.0.1 only. After SECONDS or MAX_REQUESTS it asks no more, waits for what is under way (60 s at the
 * most: every answer that a server worked on is counted), and prints one line of JSON:
 * requests, bad (a status other than 2xx and 304, or a body that begins with {"errors"), not_modified, bytes of bodies,
 * seconds, p50_ms, p99_ms, cpu_s (its own). */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
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

typedef struct {
    int fd, in_body, chunked, status, begun, resting;
    char head[16384];  /* of the answer under way, with what came of its body together with it */
    size_t held;
    long long left;    /* bytes of the body that are yet to come */
    char tail[5];      /* the last bytes that came: the end of a chunked body shows there */
    uint64_t sent_at;
    size_t written, which;
} conn;

static char **requests;
static size_t *lengths, bodies, next_body;
static uint32_t *latencies;
static size_t done, most, bad, not_modified, sent;
static size_t again;
static size_t least; /* one for each connection */
static uint64_t until;
static long long body_bytes;

static uint64_t now_us(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000ull + t.tv_nsec / 1000;
}

static char *whole(const char *path) {
    FILE *f = fopen(path, "rb");
    if (!f) { perror(path); exit(2); }
    fseek(f, 0, SEEK_END);
    long n = ftell(f);
    rewind(f);
    char *text = malloc(n + 1);
    if (fread(text, 1, n, f) != (size_t)n) exit(2);
    text[n] = 0;
    fclose(f);
    return text;
}

static void prepare(int port, const char *path, char *text, const char *headers) {
    for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        requests = realloc(requests, (bodies + 1) * sizeof *requests);
        lengths = realloc(lengths, (bodies + 1) * sizeof *lengths);
        char *one = malloc(strlen(line) + strlen(headers) + strlen(path) + 256);
        lengths[bodies] = sprintf(one,
            "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nAccept: application/json\r\n"
            "Content-Length: %zu\r\n%s\r\n%s", path, port, strlen(line), headers, line);
        requests[bodies++] = one;
    }
}

static struct sockaddr_in there = {.sin_family = AF_INET};
static int ep;

static void open_one(conn *c) {
    int one = 1;
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(c->fd, (struct sockaddr *)&there, sizeof there)) { perror("connect"); exit(3); }
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT | EPOLLET, .data.ptr = c};
    epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &e);
}

/* A server may close a kept connection in the very moment in which it is asked; then it is asked again on a new one. */
static void open_again(conn *c) {
    if (c->held || c->in_body || again++ > 1000) { fprintf(stderr, "the server closed a connection\n"); exit(3); }
    close(c->fd);
    c->written = 0;
    open_one(c);
}

static void push(conn *c) {
    while (c->written < lengths[c->which]) {
        ssize_t n = write(c->fd, requests[c->which] + c->written, lengths[c->which] - c->written);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) { open_again(c); continue; }
        c->written += n;
    }
}

static void ask(conn *c) {
    c->resting = sent >= most || (sent >= least && now_us() > until);
    if (c->resting) return; /* whatever the server does to it from now on */
    sent++;
    c->which = next_body++ % bodies;
    c->written = 0;
    c->sent_at = now_us();
    c->held = c->in_body = c->begun = 0;
    push(c);
}

static void answered(conn *c) {
    if (c->status == 304) not_modified++;
    else if (c->status < 200 || c->status > 299) bad++;
    latencies[done++] = (uint32_t)(now_us() - c->sent_at);
    ask(c);
}

/* Bytes of a body; whether it has come to its end. */
static int body(conn *c, const char *bytes, size_t n) {
    if (!c->begun && n >= 9) {
        c->begun = 1;
        if (memmem(bytes, n < 32 ? n : 32, "{\"errors\"", 9)) bad++;
    }
    body_bytes += n;
    if (!c->chunked) return (c->left -= n) <= 0;
    for (size_t i = n > 5 ? n - 5 : 0; i < n; i++) {
        memmove(c->tail, c->tail + 1, 4);
        c->tail[4] = bytes[i];
    }
    return !memcmp(c->tail, "0\r\n\r\n", 5);
}

static void receive(conn *c) {
    static char buffer[1 << 18];
    for (;;) {
        ssize_t n = read(c->fd, buffer, sizeof buffer);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0) { open_again(c); push(c); return; }
        if (c->in_body) {
            if (body(c, buffer, n)) { answered(c); return; }
            continue;
        }
        size_t room = sizeof c->head - 1 - c->held, taken = (size_t)n < room ? (size_t)n : room;
        memcpy(c->head + c->held, buffer, taken);
        c->held += taken;
        c->head[c->held] = 0;
        char *end = strstr(c->head, "\r\n\r\n");
        if (!end) continue;
        c->status = atoi(c->head + 9);
        char *length = strcasestr(c->head, "\r\ncontent-length:");
        c->chunked = !length || length > end;
        c->left = c->chunked ? 0 : atoll(length + 17);
        c->in_body = 1;
        memset(c->tail, 0, sizeof c->tail);
        if (c->status == 304 || (!c->chunked && !c->left)) { answered(c); return; }
        size_t before = end + 4 - c->head - (c->held - taken);
        if ((size_t)n > before && body(c, buffer + before, n - before)) { answered(c); return; }
    }
}

static int by_size(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

int main(int count, char **words) {
    if (count != 8) return 2;
    int port = atoi(words[1]), connections = atoi(words[3]);
    ep = epoll_create1(0);
    double seconds = atof(words[4]);
    most = strtoull(words[5], NULL, 10);
    prepare(port, words[2], whole(words[6]), whole(words[7]));
    latencies = malloc((most + connections) * sizeof *latencies);
    conn *all = calloc(connections, sizeof *all);
    there.sin_port = htons(port);
    inet_pton(AF_INET, "127.0.0.1", &there.sin_addr);
    uint64_t began = now_us();
    until = began + (uint64_t)(seconds * 1e6);
    least = connections;
    for (int i = 0; i < connections; i++) {
        open_one(&all[i]);
        ask(&all[i]);
    }
    struct epoll_event ready[256];
    while (done < sent && now_us() < until + 60000000ull) {
        int n = epoll_wait(ep, ready, 256, 100);
        for (int i = 0; i < n; i++) {
            conn *c = ready[i].data.ptr;
            if (c->resting) continue;
            if (ready[i].events & EPOLLOUT) push(c);
            if (ready[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) receive(c);
        }
    }
    double took = (now_us() - began) / 1e6;
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double cpu = used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    qsort(latencies, done, sizeof *latencies, by_size);
    printf("{\"requests\":%zu,\"bad\":%zu,\"not_modified\":%zu,\"bytes\":%lld,\"seconds\":%.4f,\"p50_ms\":%.3f,"
           "\"p99_ms\":%.3f,\"cpu_s\":%.4f}\n", done, bad, not_modified, body_bytes, took,
           done ? latencies[done / 2] / 1e3 : 0, done ? latencies[done * 99 / 100] / 1e3 : 0, cpu);
    return 0;
}
