/* arena - pieces that are aligned, zeroed and stay where they are; refusals; reset. */
#include "base/arena.h"

#include <check.h>
#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "unit/suite.h"

START_TEST(pieces_are_zeroed_aligned_and_apart)
{
	struct arena arena = {0};
	unsigned char *pieces[200];

	for (size_t i = 0; i < 200; i++) {
		pieces[i] = arena_alloc(&arena, i);
		ck_assert_ptr_nonnull(pieces[i]);
		ck_assert_uint_eq((uintptr_t)pieces[i] % alignof(max_align_t), 0);
		for (size_t k = 0; k < i; k++)
			ck_assert_uint_eq(pieces[i][k], 0);
		memset(pieces[i], (int)i, i);
	}
	for (size_t i = 0; i < 200; i++)
		for (size_t k = 0; k < i; k++)
			ck_assert_uint_eq(pieces[i][k], i);
	arena_fini(&arena);
	ck_assert_uint_eq(arena.total, 0);
}
END_TEST

START_TEST(a_piece_larger_than_a_chunk)
{
	struct arena arena = {0};

	ck_assert_ptr_nonnull(arena_alloc(&arena, 10));
	ck_assert_ptr_nonnull(arena_alloc(&arena, 1 << 20));
	ck_assert_ptr_nonnull(arena_alloc(&arena, 10));
	ck_assert_uint_ge(arena.total, 1 << 20);
	arena_fini(&arena);
}
END_TEST

START_TEST(refuses_what_cannot_be)
{
	struct arena arena = {0};

	ck_assert_ptr_null(arena_alloc(&arena, SIZE_MAX));
	ck_assert_ptr_null(arena_alloc(&arena, SIZE_MAX / 8));
	ck_assert_uint_eq(arena.total, 0);
	arena_fini(&arena);
}
END_TEST

START_TEST(texts)
{
	struct arena arena = {0};

	ck_assert_str_eq(arena_strdup(&arena, ""), "");
	ck_assert_str_eq(arena_strdup(&arena, "web"), "web");
	ck_assert_str_eq(arena_strndup(&arena, "web.2", 3), "web");
	ck_assert_str_eq(arena_printf(&arena, "%s.%d", "web", 2), "web.2");
	arena_fini(&arena);
}
END_TEST

START_TEST(reset_keeps_room_for_the_next_round)
{
	struct arena arena = {0};

	arena_reset(&arena);
	ck_assert_uint_eq(arena.total, 0);
	for (int i = 0; i < 1000; i++)
		ck_assert_ptr_nonnull(arena_alloc(&arena, 100));
	arena_reset(&arena);
	size_t kept = arena.total;
	ck_assert_uint_gt(kept, 0);
	unsigned char *piece = arena_alloc(&arena, kept / 2);
	ck_assert_ptr_nonnull(piece);
	ck_assert_uint_eq(piece[0], 0);
	ck_assert_uint_eq(arena.total, kept);
	arena_fini(&arena);
	ck_assert_ptr_nonnull(arena_alloc(&arena, 1));
	arena_fini(&arena);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("arena");

	tcase_add_test(tests, pieces_are_zeroed_aligned_and_apart);
	tcase_add_test(tests, a_piece_larger_than_a_chunk);
	tcase_add_test(tests, refuses_what_cannot_be);
	tcase_add_test(tests, texts);
	tcase_add_test(tests, reset_keeps_room_for_the_next_round);
	return suite_run("base/arena", tests);
}
