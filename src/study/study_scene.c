/* Shapes of a picture. */
#include "study/study_scene.h"

#include "study/study_document.h"

struct study_scene *
study_scene_new(struct study_document *document, double width, double height)
{
	struct study_scene *scene = study_take(document, sizeof(*scene));
	if (scene)
		*scene = (struct study_scene){
			.width = width, .height = height, .document = document};
	return scene;
}

struct study_shape *
study_scene_add(struct study_scene *scene, const struct study_shape *shape)
{
	struct study_shape *kept = scene ? study_take(scene->document, sizeof(*kept)) : NULL;
	if (!kept)
		return NULL;
	*kept = *shape;
	kept->next = NULL;
	if (scene->last)
		scene->last->next = kept;
	else
		scene->shapes = kept;
	scene->last = kept;
	return kept;
}

void
study_scene_line(struct study_scene *scene, const double ends[4], int32_t colour, double line)
{
	if (!scene)
		return;
	(void)study_scene_add(
		scene,
		&(struct study_shape){.kind = STUDY_PATH,
				      .path = study_text(scene->document, "M%.1f %.1fL%.1f %.1f",
							 ends[0], ends[1], ends[2], ends[3]),
				      .fill = STUDY_NO_COLOUR,
				      .stroke = colour,
				      .line = line});
}

void
study_scene_words(struct study_scene *scene, const double at[2], double size,
		  enum study_anchor anchor, const char *text)
{
	(void)study_scene_add(scene, &(struct study_shape){.kind = STUDY_WORDS,
							   .x = at[0],
							   .y = at[1],
							   .size = size,
							   .anchor = anchor,
							   .fill = STUDY_INK,
							   .stroke = STUDY_NO_COLOUR,
							   .text = text});
}

void
study_scene_box(struct study_scene *scene, const double box[4], int32_t fill, const char *title)
{
	(void)study_scene_add(scene, &(struct study_shape){.kind = STUDY_BOX,
							   .x = box[0],
							   .y = box[1],
							   .width = box[2],
							   .height = box[3],
							   .fill = fill,
							   .stroke = STUDY_NO_COLOUR,
							   .title = title});
}
