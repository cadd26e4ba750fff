/* Writing answers to clients that read at their own pace.
 *
 * An answer is made piece by piece: the next piece is asked for when the one before has been taken,
 * one piece a turn, so that a list of a million routes costs neither memory nor the patience of a
 * BGP session served by the same loop. */
#include "net/control_reply.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "net/control_line.h"

struct control_client {
	struct loop_watch watch; /* first: the loop gives it back */
	struct loop_timer stuck, again;
	struct control_replies *replies;
	struct control_client *next, **link;
	struct control_answer answer;
	enum control_form form;
	bool begun;                      /* the first line has been written */
	struct control_request *request; /* while what follows its line is still coming in */
	struct buf body;
	struct buf out; /* what is being sent: first line and body, then piece by piece */
	size_t sent;
};

void
control_replies_init(struct control_replies *replies, struct loop *loop, control_handler *handler,
		     void *context)
{
	*replies = (struct control_replies){.loop = loop, .handler = handler, .context = context};
}

/* Octets that a client sent after its request would make the kernel reset the connection at close,
 * and the client lose the end of its answer. */
static void
close_client_fd(int fd)
{
	char scratch[4096];
	(void)!recv(fd, scratch, sizeof(scratch), MSG_DONTWAIT);
	close(fd);
}

static void
client_free(struct control_client *client)
{
	loop_forget(client->replies->loop, &client->watch);
	loop_timer_stop(client->replies->loop, &client->stuck);
	loop_timer_stop(client->replies->loop, &client->again);
	*client->link = client->next;
	if (client->next)
		client->next->link = client->link;
	client->replies->count--;
	if (client->answer.done)
		client->answer.done(client->answer.state);
	buf_fini(&client->answer.body);
	buf_fini(&client->out);
	buf_fini(&client->body);
	free(client->request);
	close_client_fd(client->watch.fd);
	free(client);
}

void
control_replies_fini(struct control_replies *replies)
{
	while (replies->first)
		client_free(replies->first);
}

static void
client_stuck(struct loop_timer *timer, struct mono_us now)
{
	struct control_client *client =
		(struct control_client *)((char *)timer - offsetof(struct control_client, stuck));
	(void)now;
	log_info("control client: dropped, took nothing for %d s", CONTROL_STUCK_S);
	client_free(client);
}

/* The first line, and the body as far as it is known. False while the answer is not. */
static bool
begin(struct control_client *client)
{
	struct control_answer *answer = &client->answer;
	if (answer->ready && !answer->ready(answer->state, answer))
		return false;
	if (answer->body.failed)
		control_error(answer, 503, "no memory for the answer");
	control_line_answer(&client->out, answer, client->form);
	buf_put(&client->out, answer->body.data, answer->body.length);
	buf_fini(&answer->body);
	client->begun = true;
	return true;
}

/* Makes the next piece. False at the end of the answer. */
static bool
next_piece(struct control_client *client)
{
	if (!client->begun)
		return begin(client) ? !client->out.failed : true;
	buf_clear(&client->out);
	client->sent = 0;
	struct control_answer *answer = &client->answer;
	if (answer->status != 0 || !answer->more)
		return false;
	bool more = answer->more(answer->state, &client->out);
	return more && !client->out.failed;
}

/* Nothing to send for now: asked again a little later, without a turn of the loop for nothing; soon when it is the
 * making of a piece that takes several turns. */
static void
wait_a_little(struct control_client *client)
{
	struct loop *loop = client->replies->loop;
	(void)loop_change(loop, &client->watch, 0);
	loop_timer_stop(loop, &client->stuck);
	loop_timer_set(loop, &client->again,
		       mono_add_ms(loop_now(loop), client->begun || client->answer.works
							   ? CONTROL_WORK_MS
							   : CONTROL_AGAIN_MS));
}

static void
send_on(struct control_client *client)
{
	struct loop *loop = client->replies->loop;
	loop_timer_set(loop, &client->stuck, mono_add_ms(loop_now(loop), CONTROL_STUCK_S * 1000));
	(void)loop_change(loop, &client->watch, EPOLLOUT);
}

/* Sends what the client takes now. False when it is over, either way. */
static bool
send_some(struct control_client *client)
{
	struct buf *out = &client->out;
	if (client->sent == out->length && !next_piece(client))
		return false;
	if (out->length == 0) {
		wait_a_little(client);
		return true;
	}
	ssize_t sent = send(client->watch.fd, out->data + client->sent, out->length - client->sent,
			    MSG_NOSIGNAL | MSG_DONTWAIT);
	if (sent < 0)
		return errno == EAGAIN || errno == EINTR;
	client->sent += (size_t)sent;
	send_on(client);
	/* The usual answer is one piece: then there is no second turn. */
	return client->sent < out->length || (client->answer.status == 0 && client->answer.more);
}

/* Lets the handler answer, and begins to send. False when it is over. */
static bool
answer_now(struct control_client *client, const struct control_request *request)
{
	client->replies->handler(client->replies->context, request, &client->answer);
	return send_some(client);
}

/* Takes what follows the line; when it is whole the question is answered. False when it is over. */
static bool
receive_body(struct control_client *client)
{
	struct control_request *request = client->request;
	struct loop *loop = client->replies->loop;
	ssize_t got = recv(client->watch.fd, client->body.data + client->body.length,
			   request->body_length - client->body.length, MSG_DONTWAIT);
	if (got <= 0)
		return got < 0 && (errno == EAGAIN || errno == EINTR);
	client->body.length += (size_t)got;
	loop_timer_set(loop, &client->stuck, mono_add_ms(loop_now(loop), CONTROL_STUCK_S * 1000));
	if (client->body.length < request->body_length)
		return true;
	request->body = client->body.data;
	(void)loop_change(loop, &client->watch, EPOLLOUT);
	bool goes_on = answer_now(client, request);
	free(client->request);
	client->request = NULL;
	buf_fini(&client->body);
	return goes_on;
}

static void
client_ready(struct loop_watch *watch, uint32_t events)
{
	struct control_client *client = (struct control_client *)watch;
	if (client->request) {
		if (!receive_body(client))
			client_free(client);
		return;
	}
	if ((events & (EPOLLERR | EPOLLHUP)) || !send_some(client))
		client_free(client);
}

static void
client_again(struct loop_timer *timer, struct mono_us now)
{
	struct control_client *client =
		(struct control_client *)((char *)timer - offsetof(struct control_client, again));
	(void)now;
	if (!send_some(client))
		client_free(client);
}

void
control_refuse(int fd, int status, const char *reason)
{
	struct control_answer answer = {0};
	control_error(&answer, status, "%s", reason);
	struct buf line = {0};
	control_line_answer(&line, &answer, CONTROL_TEXT);
	if (!line.failed)
		(void)!send(fd, line.data, line.length, MSG_NOSIGNAL | MSG_DONTWAIT);
	buf_fini(&line);
	close_client_fd(fd);
}

static struct control_client *
client_new(struct control_replies *replies, int fd)
{
	struct control_client *client = calloc(1, sizeof(*client));
	if (!client)
		return NULL;
	client->watch = (struct loop_watch){.fd = fd, .ready = client_ready};
	client->stuck.fire = client_stuck;
	client->again.fire = client_again;
	client->replies = replies;
	if (loop_watch(replies->loop, &client->watch, EPOLLOUT) < 0) {
		free(client);
		return NULL;
	}
	client->link = &replies->first;
	client->next = replies->first;
	if (client->next)
		client->next->link = &client->next;
	replies->first = client;
	replies->count++;
	loop_timer_set(replies->loop, &client->stuck,
		       mono_add_ms(loop_now(replies->loop), CONTROL_STUCK_S * 1000));
	return client;
}

struct control_peer
control_peer_of(int fd)
{
	struct ucred cred;
	socklen_t length = sizeof(cred);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &length) < 0)
		return (struct control_peer){0};
	return (struct control_peer){.known = true, .uid = cred.uid, .pid = cred.pid};
}

/* The words of a request point into it, so a copy is read anew. False without memory. */
static bool
await_body(struct control_client *client, const struct control_request *request)
{
	client->request = malloc(sizeof(*client->request));
	if (!client->request || !buf_reserve(&client->body, request->body_length))
		return false;
	*client->request = *request;
	for (size_t i = 0; i < request->count; i++)
		client->request->words[i] =
			client->request->line + (request->words[i] - request->line);
	(void)loop_change(client->replies->loop, &client->watch, EPOLLIN);
	return true;
}

void
control_replies_take(struct control_replies *replies, int fd, const char *line, size_t length)
{
	struct control_request request;
	if (control_parse(&request, line, length) < 0) {
		control_refuse(fd, 400, "this is not a request");
		return;
	}
	struct control_client *client =
		replies->count < CONTROL_CLIENTS_MAX ? client_new(replies, fd) : NULL;
	if (!client) {
		control_refuse(fd, 503, "too many questions at once");
		return;
	}
	client->form = request.form;
	request.peer = control_peer_of(fd);
	if (!(request.body_length ? await_body(client, &request) : answer_now(client, &request)))
		client_free(client);
}
