/* libmicrohttpd without threads, with limits on all that a client may take. */
#define _GNU_SOURCE /* open_memstream, struct mmsghdr */

#include "scrape.h"
#include "refuse.h"

#ifdef WITH_METRICS

#include "microhttpd.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/select.h>
#include <time.h>

struct scrape {
    struct microhttpd library;
    const struct exposition *exposition;
    struct MHD_Daemon *daemon;
};

/* Takes the response over. */
static enum MHD_Result reply(const struct microhttpd *library, struct MHD_Connection *connection,
                             unsigned status, struct MHD_Response *response, const char *header,
                             const char *value)
{
    if (response == NULL)
        return MHD_NO; /* there is no memory: the connection is closed */
    enum MHD_Result result = library->MHD_add_response_header(response, header, value);
    if (result == MHD_YES)
        result = library->MHD_queue_response(connection, status, response);
    library->MHD_destroy_response(response);
    return result;
}

static enum MHD_Result refuse_request(const struct microhttpd *library,
                                      struct MHD_Connection *connection, unsigned status,
                                      const char *text, const char *header, const char *value)
{
    return reply(library, connection, status,
                 library->MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text,
                                                          MHD_RESPMEM_PERSISTENT),
                 header, value);
}

static struct MHD_Response *exposed(const struct scrape *scrape, enum exposition_format format)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (out == NULL)
        return NULL;
    exposition_write(scrape->exposition, format, out);
    bool written = !ferror(out);
    struct MHD_Response *response = NULL;
    if (fclose(out) == 0 && written)
        response =
            scrape->library.MHD_create_response_from_buffer(length, text, MHD_RESPMEM_MUST_FREE);
    if (response == NULL)
        free(text);
    return response;
}

/* As the request is answered before its end, the library closes the connection then: there are few, and they are for
 * all. Who does not ask for OpenMetrics gets what everybody reads. */
static enum MHD_Result answer(void *own, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_octets, void **state)
{
    const struct scrape *scrape = own;
    const struct microhttpd *library = &scrape->library;
    (void)version;
    (void)upload;
    (void)upload_octets;
    (void)state;
    if (strcmp(url, "/metrics") != 0)
        return refuse_request(library, connection, MHD_HTTP_NOT_FOUND,
                              "The metrics are at /metrics.\n", MHD_HTTP_HEADER_CONTENT_TYPE,
                              "text/plain");
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return refuse_request(library, connection, MHD_HTTP_METHOD_NOT_ALLOWED,
                              "GET or HEAD is allowed.\n", MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
    const char *accepts =
        library->MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT);
    bool open = accepts != NULL && strstr(accepts, "application/openmetrics-text") != NULL;
    return reply(library, connection, MHD_HTTP_OK,
                 exposed(scrape, open ? EXPOSITION_OPENMETRICS : EXPOSITION_TEXT),
                 MHD_HTTP_HEADER_CONTENT_TYPE,
                 open ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                      : "text/plain; version=0.0.4; charset=utf-8");
}

struct scrape *scrape_begin(int listener, const struct exposition *exposition,
                            char why[static CALC_WHY_ROOM])
{
    struct scrape *scrape = malloc(sizeof *scrape);
    if (scrape == NULL) {
        refuse(why, "can not get memory for --metrics: %s", strerror(errno));
        return NULL;
    }
    scrape->exposition = exposition;
    tzset(); /* for the library's dates: later no file can be read */
    bool loaded = microhttpd_load(&scrape->library, why);
    if (loaded)
        scrape->daemon = scrape->library.MHD_start_daemon(
            MHD_NO_FLAG, 0, NULL, NULL, answer, scrape, MHD_OPTION_LISTEN_SOCKET, listener,
            MHD_OPTION_CONNECTION_LIMIT, (unsigned)SCRAPE_CONNECTIONS,
            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SCRAPE_SILENCE_S,
            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)SCRAPE_REQUEST_OCTETS, MHD_OPTION_END);
    if (loaded && scrape->daemon != NULL)
        return scrape;
    if (loaded)
        refuse(why, "can not start libmicrohttpd for --metrics"); /* it says no reason */
    free(scrape);
    return NULL;
}

bool scrape_go_on(struct scrape *scrape, int until)
{
    fd_set readable, writable, failed;
    MHD_UNSIGNED_LONG_LONG milliseconds;
    struct timespec timeout;
    int last = until;
    FD_ZERO(&readable);
    FD_ZERO(&writable);
    FD_ZERO(&failed);
    (void)scrape->library.MHD_get_fdset2(scrape->daemon, &readable, &writable, &failed, &last,
                                         FD_SETSIZE); /* all are small numbers */
    FD_SET(until, &readable);
    bool due = scrape->library.MHD_get_timeout(scrape->daemon, &milliseconds) == MHD_YES;
    if (due)
        timeout = (struct timespec){.tv_sec = (time_t)(milliseconds / 1000),
                                    .tv_nsec = (long)(milliseconds % 1000) * 1000000};
    if (pselect(last + 1, &readable, &writable, &failed, due ? &timeout : NULL, NULL) < 0)
        return true; /* interrupted */
    (void)scrape->library.MHD_run_from_select(scrape->daemon, &readable, &writable, &failed);
    return !FD_ISSET(until, &readable);
}

#else

struct scrape *scrape_begin(int listener, const struct exposition *exposition,
                            char why[static CALC_WHY_ROOM])
{
    (void)listener;
    (void)exposition;
    refuse(why, "--metrics needs libmicrohttpd, and this server was built without it");
    return NULL;
}

bool scrape_go_on(struct scrape *scrape, int until)
{
    (void)scrape;
    (void)until;
    return false;
}

#endif
