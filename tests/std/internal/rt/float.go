package rt


