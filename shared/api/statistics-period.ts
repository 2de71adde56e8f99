/** Longest period of one question to the statistics, in days. In a file of its own, so that the console has it without the schemas. */
export const maxStatisticsDays = 366
