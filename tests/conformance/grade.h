int grade_main(int count, char **words);
