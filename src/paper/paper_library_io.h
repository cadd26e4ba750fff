/* Cairo and Pango, which draw and shape the text of any script. They are loaded by the process that
 * draws and by no other: together with what they bring along they are larger than all of Sarai. */
#pragma once

#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdbool.h>

/* Every function of theirs that is called. */
#define PAPER_FUNCTIONS(F)                                                                         \
	F(cairo_arc)                                                                               \
	F(cairo_clip)                                                                              \
	F(cairo_close_path)                                                                        \
	F(cairo_create)                                                                            \
	F(cairo_destroy)                                                                           \
	F(cairo_fill)                                                                              \
	F(cairo_fill_preserve)                                                                     \
	F(cairo_line_to)                                                                           \
	F(cairo_move_to)                                                                           \
	F(cairo_new_path)                                                                          \
	F(cairo_new_sub_path)                                                                      \
	F(cairo_pdf_surface_add_outline)                                                           \
	F(cairo_pdf_surface_create_for_stream)                                                     \
	F(cairo_pdf_surface_set_metadata)                                                          \
	F(cairo_rectangle)                                                                         \
	F(cairo_restore)                                                                           \
	F(cairo_rotate)                                                                            \
	F(cairo_save)                                                                              \
	F(cairo_scale)                                                                             \
	F(cairo_set_dash)                                                                          \
	F(cairo_set_line_join)                                                                     \
	F(cairo_set_line_width)                                                                    \
	F(cairo_set_source_rgba)                                                                   \
	F(cairo_show_page)                                                                         \
	F(cairo_status)                                                                            \
	F(cairo_stroke)                                                                            \
	F(cairo_surface_destroy)                                                                   \
	F(cairo_surface_finish)                                                                    \
	F(cairo_surface_status)                                                                    \
	F(cairo_tag_begin)                                                                         \
	F(cairo_tag_end)                                                                           \
	F(cairo_translate)                                                                         \
	F(g_object_unref)                                                                          \
	F(pango_attr_font_features_new)                                                            \
	F(pango_attr_language_new)                                                                 \
	F(pango_attr_letter_spacing_new)                                                           \
	F(pango_attr_list_insert)                                                                  \
	F(pango_attr_list_new)                                                                     \
	F(pango_attr_list_unref)                                                                   \
	F(pango_cairo_font_map_new)                                                                \
	F(pango_cairo_layout_path)                                                                 \
	F(pango_cairo_show_layout)                                                                 \
	F(pango_cairo_update_context)                                                              \
	F(pango_context_set_base_dir)                                                              \
	F(pango_font_description_free)                                                             \
	F(pango_font_description_new)                                                              \
	F(pango_font_description_set_absolute_size)                                                \
	F(pango_font_description_set_family_static)                                                \
	F(pango_font_description_set_weight)                                                       \
	F(pango_font_map_create_context)                                                           \
	F(pango_language_from_string)                                                              \
	F(pango_layout_get_baseline)                                                               \
	F(pango_layout_get_size)                                                                   \
	F(pango_layout_get_unknown_glyphs_count)                                                   \
	F(pango_layout_new)                                                                        \
	F(pango_layout_set_alignment)                                                              \
	F(pango_layout_set_auto_dir)                                                               \
	F(pango_layout_set_attributes)                                                             \
	F(pango_layout_set_ellipsize)                                                              \
	F(pango_layout_set_font_description)                                                       \
	F(pango_layout_set_text)                                                                   \
	F(pango_layout_set_width)                                                                  \
	F(pango_layout_set_wrap)

#define PAPER_MEMBER(name) __typeof__(name) *name;
struct paper_library {
	PAPER_FUNCTIONS(PAPER_MEMBER)
};
#undef PAPER_MEMBER

/* Theirs, once loaded. */
extern struct paper_library paper;

enum { PAPER_REASON = 200 };

/* Loads them for the rest of the process's life. 0, or -1 with the reason in words: they are not
 * installed. */
int paper_library_load(char reason[PAPER_REASON]);
