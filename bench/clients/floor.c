/* The floor of fan-out: one thread, epoll, just enough graphql-transport-ws, one writev per delivery.
 *
 * usage: floor PORT. Each line on its standard input is an event, sent to every subscriber as the data of "changed". */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NEW, OPEN, SUBSCRIBED, MOST = 65536 };
typedef struct { int state, length; char id[64]; } conn;
static conn all[MOST];
static int highest;
static const char *HANDSHAKE = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n";

static void fan(const char *event, int n) {
    for (int fd = 0; fd <= highest; fd++) {
        conn *c = &all[fd];
        if (c->state != SUBSCRIBED) continue;
        char before[160];
        int k = sprintf(before, "{\"id\":\"%s\",\"type\":\"next\",\"payload\":{\"data\":{\"changed\":", c->id);
        int size = k + n + 3;
        unsigned char head[4] = {0x81, 126, size >> 8, size & 255};
        struct iovec parts[4] = {{head, 4}, {before, k}, {(void *)event, n}, {"}}}", 3}};
        if (writev(fd, parts, 4) < 0) { close(fd); c->state = NEW; }
    }
}

static void receive(int fd) {
    static char buffer[1 << 16];
    conn *c = &all[fd];
    ssize_t n = read(fd, buffer, sizeof buffer - 1);
    if (n <= 0) { close(fd); c->state = NEW; return; }
    buffer[n] = 0;
    if (c->state == NEW) {
        if (strstr(buffer, "Upgrade: websocket")) {
            c->state = OPEN;
            if (write(fd, HANDSHAKE, strlen(HANDSHAKE)) < 0) return;
        } else if (write(fd, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 45) < 0) return;
        return;
    }
    /* the load client masks with zeros, and sends one message at a time */
    if (memmem(buffer, n, "connection_init", 15)) {
        static const char ack[] = "\x81\x19{\"type\":\"connection_ack\"}";
        if (write(fd, ack, 27) < 0) return;
    } else {
        char *id = memmem(buffer, n, "\"id\":\"", 6), *end = id ? strchr(id + 6, '"') : NULL;
        if (!end || end - id > 60) return;
        memcpy(c->id, id + 6, end - id - 6);
        c->state = SUBSCRIBED;
    }
}

int main(int words, char **word) {
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int ep = epoll_create1(0), one = 1, server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons(words > 1 ? atoi(word[1]) : 0)};
    inet_pton(AF_INET, "127.0.0.1", &here.sin_addr);
    if (bind(server, (struct sockaddr *)&here, sizeof here) || listen(server, 4096)) { perror("bind"); return 1; }
    struct epoll_event e = {.events = EPOLLIN, .data.fd = server}, input = {.events = EPOLLIN, .data.fd = 0};
    epoll_ctl(ep, EPOLL_CTL_ADD, server, &e);
    epoll_ctl(ep, EPOLL_CTL_ADD, 0, &input);
    static struct epoll_event ready[1024];
    static char held[1 << 20];
    size_t holds = 0;
    for (;;) {
        int n = epoll_wait(ep, ready, 1024, -1);
        for (int i = 0; i < n; i++) {
            int fd = ready[i].data.fd;
            if (fd == server) {
                for (int new; (new = accept4(server, NULL, NULL, SOCK_NONBLOCK)) >= 0;) {
                    if (new >= MOST) { close(new); continue; }
                    setsockopt(new, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    memset(&all[new], 0, sizeof all[new]);
                    if (new > highest) highest = new;
                    struct epoll_event added = {.events = EPOLLIN, .data.fd = new};
                    epoll_ctl(ep, EPOLL_CTL_ADD, new, &added);
                }
            } else if (fd == 0) {
                ssize_t k = read(0, held + holds, sizeof held - holds);
                if (k <= 0) return 0;
                holds += k;
                char *at = held, *end;
                while ((end = memchr(at, '\n', held + holds - at))) { fan(at, end - at); at = end + 1; }
                holds -= at - held;
                memmove(held, at, holds);
            } else receive(fd);
        }
    }
}
