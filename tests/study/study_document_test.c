/* A study as a value: numbers as they are read, tables, and all that it is drawn as. */
#include "study/study_document.h"

#include <math.h>

#include "paper/paper_study.h"
#include "study/study_forms.h"
#include "study/study_html.h"
#include "study/study_svg.h"
#include "tap.h"

/* Cairo and fontconfig keep some of their caches to the end of the process. */
const char *__lsan_default_suppressions(void);
const char *
__lsan_default_suppressions(void)
{
	return "leak:libcairo\nleak:libfontconfig\n";
}

static const struct study_column columns[] = {
	{"Who", NULL, false, 0, 1},
	{"How much", "Gbit/s", true, -1, 1},
};

static const char *
text_of(struct buf *out)
{
	buf_u8(out, 0);
	return out->failed ? "" : (const char *)out->data;
}

static void
test_numbers(void)
{
	static const struct {
		double value;
		int places;
		const char *text;
	} cases[] = {
		{12452, 0, "12\u202f452"},
		{8385, 0, "8385"},
		{1.053, -1, "1.053"},
		{2.8, -1, "2.8"},
		{0, -1, "0"},
		{205816.4, -1, "205\u202f816"},
		{-0.04, 1, "0.0"},
		{-68.4, 1, "-68.4"},
		{NAN, 2, "n/a"},
		{INFINITY, 0, "n/a"},
		{0.00121736, -1, "0.001217"},
		{1e15, 0, "1\u202f000\u202f000\u202f000\u202f000\u202f000"},
	};
	char text[STUDY_NUMBER];
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is_str(study_number(text, cases[i].value, cases[i].places), cases[i].text,
		       "a number is written as it is read");
	char range[STUDY_RANGE];
	is_str(study_range(range, &(struct study_cell){NULL, 122, 97.6, 146.3}, 0), "98 to 146",
	       "a range has both bounds");
	is_str(study_range(range, &(struct study_cell){NULL, 4, 4, 4}, 0), "",
	       "bounds that are the same are no range");
	is_str(study_range(range, &(struct study_cell){NULL, 4, NAN, 5}, 0), "",
	       "one bound is no range");
}

/* A study whose texts would be tags, formulas of a spreadsheet and several scripts. */
static struct study_document *
make(struct arena *arena)
{
	struct study_document *d = study_document_new(arena);
	d->title = "<b>Study</b> & more";
	d->hub = "\u067e\u0627\u06a9\u0633\u062a\u0627\u0646 "
		 "\u10e1\u10d0\u10e5\u10d0\u10e0\u10d7\u10d5\u10d4\u10da\u10dd "
		 "\u049a\u0430\u0437\u0430\u049b\u0441\u0442\u0430\u043d \u4e2d\u56fd";
	d->subtitle = "of things";
	d->date = (struct utc_s){1795219200};
	study_fact_add(d, "Made on", "%d", 2026);
	study_fact_add(d, "Digest", "SHA-256 %064d", 7);
	struct study_section *s = study_section_add(d, "first", "First");
	study_say(s, STUDY_PARAGRAPH, "a \"quote\" of %d", 7);
	study_say(s, STUDY_POINT, "one");
	study_say(s, STUDY_POINT, "two");
	study_say(s, STUDY_MISSING, "Nothing: not answered.");
	study_term(s, "Word", "what it means");
	struct study_table *t = study_table_add(s, "table", "What there is", columns, 2);
	study_row_begin(t);
	study_cell_text(t, "=1+1");
	study_cell_range(t, 1840, 1290, 3030);
	study_row_begin(t);
	study_cell_text(t, "<script>alert(1)</script>");
	study_cell_number(t, NAN);
	struct study_scene *scene = study_scene_new(d, 100, 50);
	study_scene_line(scene, (const double[]){1, 2, 3, 4}, STUDY_INK, 1);
	study_scene_words(scene, (const double[]){5, 6}, 10, STUDY_END, "a<b");
	study_scene_box(scene, (const double[]){1, 1, 9, 9}, STUDY_BLUE, "told & kept");
	(void)study_figure_add(s, "figure", "A picture", scene);
	return d;
}

static void
test_forms(const struct study_document *d)
{
	struct buf out = {0};
	study_html(&out, d);
	const char *html = text_of(&out);
	ok(!strstr(html, "<script"), "names are no tags in a page");
	ok(strstr(html, "&lt;b&gt;Study&lt;/b&gt; &amp; more"), "nor is the title");
	ok(strstr(html, "<b>Table 1.</b> What there is"), "tables have numbers and captions");
	ok(strstr(html, "<b>Figure 1.</b> A picture"), "so have figures");
	ok(strstr(html, "1840<small>1290 to 3030</small>"), "a range stands below its number");
	ok(strstr(html, "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
	   "points that stand together are one list");
	ok(strstr(html, "<a href=\"#first\">First</a>") && strstr(html, "id=\"first\""),
	   "the contents lead to the section");
	ok(strstr(html, "class=\"missing\""), "what is missing is marked");
	ok(strstr(html, "prefers-color-scheme:dark") && !strstr(html, "url(") &&
		   !strstr(html, "src="),
	   "it is dark where that is wished, and loads nothing");
	buf_clear(&out);
	study_csv(&out, d->sections->blocks->next->next->next->next->next->table);
	is_str(text_of(&out),
	       "Who,How much (Gbit/s),How much low,How much high\r\n\"'=1+1\",1840,1290,3030\r\n"
	       "<script>alert(1)</script>,,,\r\n",
	       "a table is CSV, with its ranges, and nothing that a spreadsheet would reckon");
	buf_clear(&out);
	study_json(&out, d);
	const char *json = text_of(&out);
	ok(strstr(json, "\"rows\":[[\"=1+1\",{\"value\":1840,\"low\":1290,\"high\":3030}],"
			"[\"<script>alert(1)</script>\",null]]"),
	   "JSON has numbers as numbers");
	buf_clear(&out);
	study_summary(&out, d);
	ok(strstr(text_of(&out), "1 table and 1 figure"), "a terminal is told what there is");
	ok(strstr(text_of(&out), "Digest\n  SHA-256 0000"),
	   "a word as long as a line, below its label");
	buf_fini(&out);
}

static void
test_svg(const struct study_document *d)
{
	struct buf out = {0};
	const struct study_block *b = d->sections->blocks;
	while (!b->figure)
		b = b->next;
	study_svg(&out, b->figure->scene, b->figure->id, "a & b");
	const char *svg = text_of(&out);
	ok(strstr(svg, "viewBox=\"0 0 100 50\"") && strstr(svg, "</svg>"), "a picture is an SVG");
	ok(strstr(svg, "<path d=\"M1.0 2.0L3.0 4.0\""), "with its lines");
	ok(strstr(svg, ">a&lt;b</text>") && strstr(svg, "<title>told &amp; kept</title>"),
	   "its words are words");
	buf_fini(&out);
}

static void
test_pdf(const struct study_document *d)
{
	struct buf once = {0}, twice = {0};
	struct paper_result result;
	ok(paper_study(&once, d, &result) == 0, "it is drawn as PDF");
	ok(once.length > 1000 && memcmp(once.data, "%PDF-", 5) == 0, "which begins as one");
	is_int(result.pages, 3, "with a title page, contents and its section");
	is_int((long long)result.missing, 0, "every script has a font");
	ok(paper_study(&twice, d, &result) == 0 && twice.length == once.length &&
		   memcmp(once.data, twice.data, once.length) == 0,
	   "the same study gives the same octets");
	buf_fini(&once);
	buf_fini(&twice);
}

/* An annex of as many rows, each with its bounds. */
static unsigned
pages_of_annex(bool dense, size_t rows, struct buf *out)
{
	struct arena *arena = arena_new();
	struct study_document *d = study_document_new(arena);
	struct paper_result result = {0};
	d->title = d->hub = d->subtitle = "Annex";
	struct study_table *t = study_table_add(study_section_add(d, "values", "Values"), "values",
						"All", columns, 2);
	for (size_t i = 0; i < rows; i++) {
		study_row_begin(t);
		study_cell_text(t, "who");
		study_cell_range(t, 10, 5, 20);
		study_row_brief(t, i % 4 == 0 ? "one" : "other", "length", "10 (5 to 20) km, told");
	}
	t->dense = dense;
	ok(paper_study(out, d, &result) == 0, "an annex is drawn");
	arena_free(arena);
	return result.pages;
}

static void
test_annex(void)
{
	struct buf out = {0};
	unsigned plain = pages_of_annex(false, 800, &out);
	unsigned dense = pages_of_annex(true, 800, &out);
	ok(dense >= 5 && dense - 2 <= (plain - 2) / 2,
	   "a dense table takes half of the pages: %u, not %u", dense, plain);
	is_int(pages_of_annex(true, 0, &out), 3, "one without rows takes none");
	is_int(pages_of_annex(true, 1, &out), 3, "one of one row stands on its page");
	buf_fini(&out);
}

static void
test_nothing(void)
{
	struct study_table *t = study_table_add(NULL, "x", "y", columns, 2);
	study_row_begin(t);
	study_cell_text(t, "a");
	study_cell_number(t, 1);
	study_say(NULL, STUDY_POINT, "nothing");
	study_scene_box(NULL, (const double[]){0, 0, 1, 1}, STUDY_INK, NULL);
	ok(!t && !study_figure_add(NULL, "a", "b", NULL), "what is added to nothing is left out");
}

int
main(void)
{
	struct arena *arena = arena_new();
	struct study_document *d = make(arena);
	test_numbers();
	ok(!d->failed, "a study is put together");
	test_forms(d);
	test_svg(d);
	test_pdf(d);
	test_annex();
	test_nothing();
	arena_free(arena);
	return done_testing();
}
