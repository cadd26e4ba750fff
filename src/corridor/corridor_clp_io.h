/* CLP, COIN-OR's simplex solver, by its C interface. Only the process that solves a linear program
 * loads it, when it solves the first. */
#pragma once

#include <coin/Clp_C_Interface.h>

/* Every function of it that is called. */
#define CORRIDOR_CLP_FUNCTIONS(F)                                                                  \
	F(Clp_addColumns)                                                                          \
	F(Clp_addRows)                                                                             \
	F(Clp_chgObjCoefficients)                                                                  \
	F(Clp_columnUpper)                                                                         \
	F(Clp_deleteModel)                                                                         \
	F(Clp_dual)                                                                                \
	F(Clp_getColSolution)                                                                      \
	F(Clp_getObjValue)                                                                         \
	F(Clp_getRowPrice)                                                                         \
	F(Clp_loadProblem)                                                                         \
	F(Clp_modifyCoefficient)                                                                   \
	F(Clp_newModel)                                                                            \
	F(Clp_primal)                                                                              \
	F(Clp_rowUpper)                                                                            \
	F(Clp_setDualTolerance)                                                                    \
	F(Clp_setLogLevel)                                                                         \
	F(Clp_setPerturbation)                                                                     \
	F(Clp_setPrimalTolerance)                                                                  \
	F(Clp_status)

#define CORRIDOR_CLP_MEMBER(name) __typeof__(name) *name;
struct corridor_clp {
	CORRIDOR_CLP_FUNCTIONS(CORRIDOR_CLP_MEMBER)
};
#undef CORRIDOR_CLP_MEMBER

/* Loads it for the rest of the process's life. NULL if it is not installed (Debian:
 * coinor-libclp1). */
const struct corridor_clp *corridor_clp_load(void);
