#include "service/reply.h"

#include <stdlib.h>
#include <string.h>

/* A body on its way. */
struct sent {
	struct replies *replies; /* borrowed */
	char *text;		 /* owned */
	size_t len;
};

bool replies_have_room(const struct replies *replies, size_t len)
{
	return len <= REPLY_SMALL || replies->bytes + len <= REPLIES_BYTES_MAX;
}

static void free_sent(void *data)
{
	struct sent *sent = data;

	sent->replies->bytes -= sent->len;
	free(sent->text);
	free(sent);
}

static void add_headers(struct MHD_Response *response, const struct answer *answer)
{
	MHD_add_response_header(response, "Content-Type", answer_content_type(answer));
	MHD_add_response_header(response, "Cache-Control", "no-store");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	if (answer->allow != NULL)
		MHD_add_response_header(response, "Allow", answer->allow);
}

static struct MHD_Response *wrap(struct sent *sent)
{
	return MHD_create_response_from_buffer_with_free_callback_cls(sent->len, sent->text,
								      free_sent, sent);
}

struct MHD_Response *reply_new(struct replies *replies, struct answer *answer)
{
	struct sent *sent = answer->body.failed ? NULL : malloc(sizeof *sent);
	struct MHD_Response *response = NULL;

	if (sent != NULL) {
		*sent = (struct sent){replies, answer->body.text, answer->body.len};
		response = wrap(sent);
	}
	if (response == NULL) {
		free(sent);
		body_fini(&answer->body);
		return NULL;
	}
	replies->bytes += sent->len;
	answer->body = (struct body){0};
	add_headers(response, answer);
	return response;
}

void replies_take(struct replies *replies, const struct reply_key *key, unsigned code,
		  struct MHD_Response *response)
{
	char *uri = strdup(key->uri);

	/* Without memory for it the next client's answer is made anew. */
	if (uri == NULL) {
		MHD_destroy_response(response);
		return;
	}
	replies_forget(replies);
	replies->shared = response;
	replies->key = *key;
	replies->key.uri = uri;
	replies->code = code;
}

struct MHD_Response *replies_find(const struct replies *replies, const struct reply_key *key,
				  unsigned *code)
{
	const struct reply_key *kept = &replies->key;

	if (replies->shared == NULL || kept->details != key->details || kept->state != key->state ||
	    kept->signals != key->signals || strcmp(kept->uri, key->uri) != 0)
		return NULL;
	*code = replies->code;
	return replies->shared;
}

void replies_forget(struct replies *replies)
{
	if (replies->shared == NULL)
		return;
	MHD_destroy_response(replies->shared);
	free((char *)replies->key.uri);
	replies->shared = NULL;
}
